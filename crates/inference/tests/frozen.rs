//! The file format of frozen models: what it keeps, and what it refuses.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::HashMap;

use inference::frozen::{
    Frozen, FrozenError, FrozenLayer, Header, Input, InputField, InputImage, Output, Training,
    source,
};
use inference::model::Predict;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// 2 inputs → 3 → `ReLU` → 2 classes.
fn model() -> Frozen {
    let input = |name: &str| InputField {
        name: name.into(),
        unit: "cm".into(),
        minimum: 0.1,
        maximum: 20.0,
    };
    Frozen {
        header: Header {
            algorithm: "toy".into(),
            inputs: Input::Fields(vec![input("length"), input("width")]),
            output: Output::Classes(vec!["yes".into(), "no".into()]),
            training: Training {
                data_sha256: "00".into(),
                seed: 42,
                backend: "flex".into(),
                epoch: 3,
                version: "0.1.0".into(),
                test_rows: 10,
            },
            metrics: [("test_accuracy".to_owned(), 28.0 / 30.0)].into(),
        },
        layers: vec![
            FrozenLayer::Linear {
                weight: vec![1.0, -1.0, 0.0, 0.5, 0.5, 2.0],
                bias: vec![0.0, 1.0, -1.0],
            },
            FrozenLayer::Relu,
            FrozenLayer::Linear {
                weight: vec![1.0, 0.0, 0.0, 1.0, 1.0, 1.0],
                bias: vec![0.0, 0.0],
            },
            FrozenLayer::Softmax,
        ],
    }
}

/// 3 × 4 pixels → 2 filters → GELU → 2 classes, with weights of 8 bits.
fn image_model() -> Frozen {
    let mut model = model();
    model.header.inputs = Input::Image(InputImage {
        height: 3,
        width: 4,
        unit: "ink".into(),
        minimum: 0,
        maximum: 255,
    });
    model.layers = vec![
        FrozenLayer::Convolution {
            image: [3, 4, 1],
            weight: (0..18).map(|i| [0.5, -0.25][i % 2]).collect(),
            bias: vec![0.5, -0.5],
        },
        FrozenLayer::Gelu,
        FrozenLayer::QuantizedLinear {
            weight: vec![127, -127, 0, 1, -1, 2, 3, -4],
            scale: vec![0.01, 0.02],
            bias: vec![0.0, 0.5],
        },
        FrozenLayer::Softmax,
    ];
    model
}

/// The message with which a changed model is refused.
fn refused(change: impl FnOnce(&mut Frozen)) -> String {
    let mut model = model();
    change(&mut model);
    let error = model.to_bytes().unwrap_err();
    assert_eq!(model.check().unwrap_err().to_string(), error.to_string());
    error.to_string()
}

/// The message with which a file is refused whose metadata or tensors were changed.
fn file_refused(
    change_metadata: impl Fn(String) -> String,
    keep: impl Fn(&str) -> bool,
    dtype: Dtype,
) -> String {
    let bytes = model().to_bytes().unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let (_, metadata) = SafeTensors::read_metadata(&bytes).unwrap();
    let metadata: HashMap<_, _> = (metadata.metadata().clone().unwrap().into_iter())
        .map(|(key, value)| (key, change_metadata(value)))
        .collect();
    let tensors: Vec<_> = (file.iter())
        .filter(|(name, _)| keep(name))
        .map(|(name, view)| {
            (
                name,
                TensorView::new(dtype, view.shape().to_vec(), view.data()).unwrap(),
            )
        })
        .collect();
    let bytes = safetensors::serialize(tensors, Some(metadata)).unwrap();
    Frozen::from_bytes(&bytes).unwrap_err().to_string()
}

#[test]
fn what_is_written_is_read() {
    let model = model();
    let bytes = model.to_bytes().unwrap();
    assert_eq!(Frozen::from_bytes(&bytes).unwrap(), model);
    assert_eq!(model.to_bytes().unwrap(), bytes, "the same bytes each time");
    assert_eq!(model.parameters(), 6 + 3 + 6 + 2);
}

#[test]
fn a_model_of_images_is_written_read_and_run() {
    let model = image_model();
    let bytes = model.to_bytes().unwrap();
    assert_eq!(Frozen::from_bytes(&bytes).unwrap(), model);
    assert_eq!(model.parameters(), 18 + 2 + 8 + 2 + 2);
    let probabilities = model.with_network(|network| network.predict(&[1.0; 12]).to_vec());
    // Both pixels: 9 · 0.5 + 0.5 = 5 and 9 · −0.25 − 0.5 = −2.75, through GELU.
    let gelu = |x: f64| x * 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2);
    let (a, b) = (gelu(5.0), gelu(-2.75));
    let scores = [
        0.01 * (126.0 * a + 3.0 * b),
        0.02 * (-125.0 * a - 3.0 * b) + 0.5,
    ];
    let expected = 1.0 / (1.0 + (scores[1] - scores[0]).exp());
    let found = f64::from(probabilities.unwrap()[0]);
    assert!((found - expected).abs() < 1e-6, "{found} {expected}");

    let source = source(&bytes).unwrap();
    for part in [
        "input: ::inference::model::ModelInput::Image { height: 3, width: 4, maximum: 255 }",
        "::inference::layers::Convolution { geometry: ::inference::kernels::Geometry { height: 3, width: 4, channels: 1, filters: 2 }, weight: ",
        "static WEIGHT: [i8; 8] = ::inference::must_cast(*include_bytes!(\"layers.2.weight.i8\"))",
        "::inference::layers::Gelu { width: 4 }",
    ] {
        assert!(source.code.contains(part), "{part}\n{}", source.code);
    }
}

#[test]
fn images_that_do_not_fit_are_refused() {
    let refused = |change: &dyn Fn(&mut FrozenLayer)| {
        let mut model = image_model();
        change(&mut model.layers[0]);
        model.to_bytes().unwrap_err().to_string()
    };
    for other in [
        [3, 3, 1],
        [2, 6, 1],
        [3, 4, 2],
        [usize::MAX, 4, 1],
        [0, 0, 0],
    ] {
        let message = refused(&|layer| {
            let FrozenLayer::Convolution { image, .. } = layer else {
                unreachable!()
            };
            *image = other;
        });
        assert!(
            message.starts_with("layer 0 (`convolution`) has 18 weights for 12 inputs"),
            "{message}"
        );
    }
    let mut model = image_model();
    let FrozenLayer::QuantizedLinear { scale, .. } = &mut model.layers[2] else {
        unreachable!()
    };
    scale.push(1.0);
    let message = model.to_bytes().unwrap_err().to_string();
    assert_eq!(
        message,
        "layer 2 (`quantized_linear`) has 3 scales for 2 outputs"
    );
}

#[test]
fn it_runs() {
    // [2, 4] → [4, 1, 7] → [4 + 7, 1 + 7]
    let expected = 1.0 / (1.0 + (-3.0_f32).exp());
    let probability = model()
        .with_network(|network| network.predict(&[2.0, 4.0])[0])
        .unwrap();
    assert!((probability - expected).abs() < 1e-6);
}

#[test]
fn models_that_do_not_fit_together_are_refused() {
    let linear = |weights, outputs| FrozenLayer::Linear {
        weight: vec![0.5; weights],
        bias: vec![0.5; outputs],
    };
    for (message, expected) in [
        (
            refused(|model| model.layers[0] = linear(5, 3)),
            "layer 0 (`linear`) has 5 weights for 2 inputs and 3 outputs",
        ),
        (
            refused(|model| model.layers[2] = linear(0, 0)),
            "layer 2 (`linear`) has 0 weights for 3 inputs and 0 outputs",
        ),
        (
            refused(|model| model.layers[2] = linear(9, 3)),
            "the last layer has 3 outputs: expected 2",
        ),
        (
            refused(|model| {
                let Input::Fields(fields) = &mut model.header.inputs else {
                    unreachable!()
                };
                fields[1].maximum = f32::INFINITY;
            }),
            "`width` has no range of finite numbers",
        ),
        (
            refused(|model| {
                model.layers.pop();
            }),
            "the last layer is not a softmax",
        ),
        (
            refused(|model| {
                model.layers[2] = FrozenLayer::Linear {
                    weight: vec![f32::NAN; 6],
                    bias: vec![0.0; 2],
                };
            }),
            "layer 2 (`linear`) has a weight in `weight` that is not finite",
        ),
    ] {
        assert_eq!(message, expected);
    }
}

#[test]
fn files_of_something_else_are_refused() {
    let refused = |bytes: &[u8]| Frozen::from_bytes(bytes).unwrap_err();
    assert!(matches!(refused(b""), FrozenError::Safetensors(_)));
    assert!(matches!(
        refused(b"not a model at all"),
        FrozenError::Safetensors(_)
    ));
    let bytes = model().to_bytes().unwrap();
    assert!(matches!(
        refused(&bytes[..bytes.len() - 1]),
        FrozenError::Safetensors(_)
    ));
    let none: Vec<(String, TensorView<'_>)> = Vec::new();
    let foreign = safetensors::serialize(none, None).unwrap();
    assert!(matches!(refused(&foreign), FrozenError::NoHeader));

    let missing = Frozen::open(std::path::Path::new("no/such.safetensors")).unwrap_err();
    assert!(
        missing
            .to_string()
            .starts_with("cannot read `no/such.safetensors`: ")
    );
}

#[test]
fn files_with_other_layers_or_tensors_are_refused() {
    let same = |metadata: String| metadata;
    let all = |_: &str| true;
    for (message, expected) in [
        (
            file_refused(|m| m.replace("\"relu\"", "\"sigmoid\""), all, Dtype::F32),
            "layer 1 is of the unknown kind `sigmoid`: expected `linear`, `quantized_linear`, `convolution`, `cosine`, `gelu`, `relu`, `softmax`, `text_features`",
        ),
        (
            file_refused(same, |name| name != "layers.2.bias", Dtype::F32),
            "layer 2 (`linear`) needs the f32 tensor `bias` of shape [2]: the file has none",
        ),
        (
            file_refused(
                |m| m.replace("\"outputs\":3", "\"outputs\":4"),
                all,
                Dtype::F32,
            ),
            "layer 0 (`linear`) needs the f32 tensor `weight` of shape [2, 4]: the file has F32 of shape [2, 3]",
        ),
        (
            file_refused(same, all, Dtype::I32),
            "layer 0 (`linear`) needs the f32 tensor `weight` of shape [2, 3]: the file has I32 of shape [2, 3]",
        ),
    ] {
        assert_eq!(message, expected);
    }
    let header = file_refused(|m| m.replace("\"classes\"", "\"klasses\""), all, Dtype::F32);
    assert!(header.starts_with(
        "not a frozen model of this version: no variant of enum Output found in flattened data"
    ));
}

#[test]
fn the_source_holds_the_whole_model() {
    let source = source(&model().to_bytes().unwrap()).unwrap();
    let names: Vec<_> = source
        .weights
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.len()))
        .collect();
    assert_eq!(
        names,
        [
            ("layers.0.weight.f32", 24),
            ("layers.0.bias.f32", 12),
            ("layers.2.weight.f32", 24),
            ("layers.2.bias.f32", 8)
        ]
    );
    for part in [
        "input: ::inference::model::ModelInput::Fields(&[\"length\", \"width\"])",
        "output: ::inference::output::Classes(&[\"yes\", \"no\"])",
        "::inference::layers::Relu { width: 3 }",
        "::inference::layers::Softmax { width: 2 }",
        "static WEIGHT: [f32; 6] = ::inference::must_cast(*include_bytes!(\"layers.0.weight.f32\"))",
        "\\\"test_accuracy\\\": 0.9333333333333333",
    ] {
        assert!(source.code.contains(part), "{part}\n{}", source.code);
    }
}
