use burn::backend::DispatchDevice;
use burn::tensor::Device;

/// Whether the operations of this crate work on tensors of `device`, with autodiff or without.
#[must_use]
pub fn is_available(device: &Device) -> bool {
    match device.clone().inner().as_dispatch() {
        #[cfg(feature = "flex")]
        DispatchDevice::Flex(_) => true,
        #[cfg(feature = "ndarray")]
        DispatchDevice::NdArray(_) => true,
        #[allow(unreachable_patterns, reason = "unless there are other backends")]
        _ => false,
    }
}
