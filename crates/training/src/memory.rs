//! How much memory the process has needed.

/// The most memory that the process has had in use so far, in bytes; `None` where the system does not
/// tell.
#[must_use]
pub fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(1024 * kibibytes)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    #[test]
    fn memory_that_is_used_counts() {
        let before = super::peak().unwrap();
        let used = vec![1_u8; 256 << 20];
        assert!(used.iter().all(|byte| *byte == 1));
        assert!(super::peak().unwrap() >= before.max(256 << 20));
    }
}
