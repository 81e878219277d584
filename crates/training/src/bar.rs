//! A progress bar on a terminal.

#[cfg(not(target_family = "wasm"))]
pub use native::Bar;
#[cfg(target_family = "wasm")]
pub use sandbox::Bar;

#[cfg(not(target_family = "wasm"))]
mod native {
    use indicatif::{ProgressBar, ProgressStyle};

    /// A bar on a terminal.
    pub struct Bar(ProgressBar);

    impl Bar {
        /// A bar; nothing if it cannot be drawn.
        #[must_use]
        pub fn new() -> Option<Self> {
            let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {eta} left  {msg}");
            Some(Self(ProgressBar::new(0).with_style(style.ok()?)))
        }

        /// `position` of `length` steps are done.
        pub fn set(&self, position: u64, length: u64) {
            // Each change of the length draws at once.
            if self.0.length() != Some(length) {
                self.0.set_length(length);
            }
            self.0.set_position(position);
        }

        /// Shows `message` beside the bar.
        pub fn say(&self, message: String) {
            self.0.set_message(message);
        }

        /// Removes the bar.
        pub fn clear(&self) {
            self.0.finish_and_clear();
        }
    }
}

/// A sandbox has no terminal to draw on.
#[cfg(target_family = "wasm")]
mod sandbox {
    /// There is none.
    pub enum Bar {}

    impl Bar {
        /// Nothing.
        #[must_use]
        pub fn new() -> Option<Self> {
            None
        }

        /// Does nothing.
        pub fn set(&self, _: u64, _: u64) {
            match *self {}
        }

        /// Does nothing.
        pub fn say(&self, _: String) {
            match *self {}
        }

        /// Does nothing.
        pub fn clear(&self) {
            match *self {}
        }
    }
}
