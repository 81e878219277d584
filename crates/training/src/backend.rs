//! The Burn backends that a trainer can be built for.

use burn::tensor::Device;

/// A Burn backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// burn-ndarray, on the CPU.
    #[cfg(feature = "ndarray")]
    NdArray,
    /// burn-flex, on the CPU.
    #[cfg(feature = "flex")]
    Flex,
    /// burn-wgpu, on the GPU.
    #[cfg(feature = "wgpu")]
    Wgpu,
}

impl Backend {
    /// Name, as in `iris-<name>`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            #[cfg(feature = "ndarray")]
            Self::NdArray => "ndarray",
            #[cfg(feature = "flex")]
            Self::Flex => "flex",
            #[cfg(feature = "wgpu")]
            Self::Wgpu => "wgpu",
        }
    }

    /// Its default device.
    #[must_use]
    pub fn device(self) -> Device {
        match self {
            #[cfg(feature = "ndarray")]
            #[allow(
                deprecated,
                reason = "Burn will drop this backend; until then it is offered beside flex"
            )]
            Self::NdArray => Device::ndarray(),
            #[cfg(feature = "flex")]
            Self::Flex => Device::flex(),
            #[cfg(feature = "wgpu")]
            Self::Wgpu => Device::wgpu(burn::tensor::DeviceKind::DefaultDevice),
        }
    }
}
