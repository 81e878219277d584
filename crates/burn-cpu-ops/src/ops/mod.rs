//! The operations as backend extensions: what each backend calls, and how gradients flow.

mod activation;
mod adam;
mod dense;
mod images;
mod loss;
mod pool;
mod texts;

pub use activation::{cosine, relu};
pub use adam::{adam, moving_average};
pub use dense::{dropout, linear};
pub use images::{conv_block, conv_gelu, conv_moments};
pub use loss::cross_entropy;
pub use pool::max_pool;
pub use texts::{embedding_bag, word_windows};
