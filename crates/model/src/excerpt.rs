use alloc::string::String;
use core::fmt;

/// A part of the user's input on its way into a message: one line, shortened if it is long.
#[derive(Debug)]
pub struct Excerpt(String);

impl Excerpt {
    const LONGEST: usize = 40;

    /// Takes `text` up to 40 characters, with control characters replaced by spaces.
    pub fn new(text: &str) -> Self {
        let mut shown = String::new();
        for (count, character) in text.chars().enumerate() {
            if count == Self::LONGEST {
                shown.push('…');
                break;
            }
            shown.push(if character.is_control() {
                ' '
            } else {
                character
            });
        }
        Self(shown)
    }

    /// What is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn excerpts_are_one_short_line() {
        assert_eq!(Excerpt::new("7.0").to_string(), "7.0");
        assert_eq!(Excerpt::new("[1,\n2]").to_string(), "[1, 2]");
        let long = "é".repeat(41);
        assert_eq!(Excerpt::new(&long).to_string(), "é".repeat(40) + "…");
    }
}
