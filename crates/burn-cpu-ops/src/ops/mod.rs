//! The operations as backend extensions: what each backend calls, and how gradients flow.

mod adam;
mod dense;
mod images;
mod pool;
mod texts;

pub use adam::{adam, moving_average};
pub use dense::{cosine, dropout, linear};
pub use images::{conv_block, conv_gelu, conv_moments};
pub use pool::max_pool;
pub use texts::{embedding_bag, word_windows};
