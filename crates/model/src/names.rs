//! Names of a list: something each, and none twice.

use crate::error::ModelError;

/// More names than any list of a model of this size has; more would take long to compare.
const MOST_NAMES: usize = 4096;

/// Checks that each of `names` is something, and there once. Each is compared with those before it:
/// sorting code would be a tenth of a small module.
pub(crate) fn unique<'a>(
    names: &(impl Iterator<Item = &'a str> + Clone),
) -> Result<(), ModelError> {
    let mut count = 0;
    for name in names.clone() {
        if count == MOST_NAMES {
            return Err(ModelError::Names);
        }
        if name.is_empty() || names.clone().take(count).any(|before| before == name) {
            return Err(ModelError::Name(name.into()));
        }
        count += 1;
    }
    match count {
        0 => Err(ModelError::Names),
        _ => Ok(()),
    }
}
