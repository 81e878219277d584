//! Stands in for the network where there is none.

use super::{DownloadError, Patience, Report, Target};

/// Refuses to download.
pub struct Client;

impl Client {
    pub fn new(_: Patience) -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "as where there is a network")]
    pub fn receive(
        &self,
        target: &Target<'_>,
        _: u64,
        _: &mut Report<'_>,
    ) -> Result<(), DownloadError> {
        Err(DownloadError::NoNetwork {
            url: target.url.clone(),
            path: target.path.clone(),
        })
    }
}
