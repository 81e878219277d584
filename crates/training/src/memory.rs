//! How much memory the process has needed.

/// The most memory that the process has had in use so far, in bytes; `None` where the system does not
/// tell.
#[must_use]
#[cfg(not(target_family = "wasm"))]
pub fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(1024 * kibibytes)
}

/// The same in a sandbox, whose memory never shrinks.
#[must_use]
#[cfg(target_family = "wasm")]
pub fn peak() -> Option<u64> {
    const PAGE: u64 = 1 << 16;
    Some(core::arch::wasm32::memory_size::<0>() as u64 * PAGE)
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
