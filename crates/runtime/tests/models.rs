//! Models from their bytes to an answer, sound ones and damaged ones.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use model::{
    AlignedBytes, Field, FrozenLayer, Image, Input, Model, ModelFile, NumberOutput, Output, Text,
    TextPart, Tokenizer, Training, Transform, Values,
};
use runtime::{Any, Prediction, Runtime};

fn file(input: Input, output: Output, layers: Vec<FrozenLayer>) -> ModelFile {
    ModelFile {
        name: "toy".into(),
        about: "Toys.".into(),
        example: String::new(),
        input,
        output,
        layers,
        metrics: [("test_accuracy".to_owned(), 28.0 / 30.0)].into(),
        training: Training {
            version: "0.1.0".into(),
            backend: "flex".into(),
            target: "wasm32-wasi".into(),
            data_sha256: "00".into(),
            settings: [].into(),
            epoch: 3,
            test_rows: 10,
        },
    }
}

fn classes() -> Output {
    Output::Classes(vec!["yes".into(), "no".into()])
}

fn field(name: &str, values: Values, transform: Transform) -> Field {
    Field {
        name: name.into(),
        unit: "cm".into(),
        description: String::new(),
        values,
        transform,
    }
}

/// A length and a colour → centred → 3 → `ReLU` → 2 classes.
fn table() -> ModelFile {
    let length = Values::Number {
        minimum: 1.0,
        maximum: 100.0,
        training_minimum: None,
        training_maximum: None,
    };
    let colour = Values::Category {
        categories: vec!["red".into(), "blue".into()],
    };
    let fields = vec![
        field("length", length, Transform::Log),
        field("colour", colour, Transform::OneHot),
    ];
    let layers = vec![
        FrozenLayer::new("centre").weight("mean", &[3], vec![1.0, 0.5, 0.5]),
        FrozenLayer::new("linear")
            .weight(
                "weight",
                &[3, 3],
                vec![1.0, -1.0, 0.0, 0.5, 0.5, 2.0, 0.0, 1.0, -2.0],
            )
            .weight("bias", &[3], vec![0.0, 1.0, -1.0]),
        FrozenLayer::new("relu"),
        FrozenLayer::new("linear")
            .weight("weight", &[3, 2], vec![1.0, 0.0, 0.0, 1.0, 1.0, 1.0])
            .weight("bias", &[2], vec![0.0, 0.0]),
        FrozenLayer::new("softmax"),
    ];
    file(Input::Table(fields), classes(), layers)
}

/// 3 × 4 pixels → 2 filters → GELU → a number, with weights of 8 bits.
fn image() -> ModelFile {
    let input = Image {
        height: 3,
        width: 4,
        channels: 1,
        maximum: 255,
        unit: "ink".into(),
        mean: vec![0.5],
        std_dev: vec![0.25],
    };
    let filters: Vec<f32> = (0..18).map(|i| [0.5, -0.25][i % 2]).collect();
    let layers = vec![
        FrozenLayer::new("convolution")
            .setting("height", 3)
            .setting("width", 4)
            .weight("weight", &[3, 3, 1, 2], filters)
            .weight("bias", &[2], vec![0.5, -0.5]),
        FrozenLayer::new("gelu"),
        FrozenLayer::new("quantized_linear")
            .weight("weight", &[4, 1], vec![127_i8, -127, 0, 1])
            .weight("scale", &[1], vec![0.01])
            .weight("bias", &[1], vec![0.5]),
    ];
    let output = Output::Number(NumberOutput {
        name: "size".into(),
        coverage: 0.8,
        half_width: 0.5,
        decimals: 1,
    });
    file(Input::Image(input), output, layers)
}

/// 4 × 5 pixels → border → 8 filters → pooled to 2 × 2 → mean → 2 classes.
fn pooled() -> ModelFile {
    let input = Image {
        height: 4,
        width: 5,
        channels: 1,
        maximum: 255,
        unit: "light".into(),
        mean: vec![0.0],
        std_dev: vec![1.0],
    };
    let pool = |[height, width, channels]: [usize; 3], side, border| {
        FrozenLayer::new("max_pool")
            .setting("height", height)
            .setting("width", width)
            .setting("channels", channels)
            .setting("side", side)
            .setting("border", border)
    };
    // The middle of the kernel alone, and of the first filter only.
    let kernel = (0..72).map(|place| if place == 32 { 64_i8 } else { 0 });
    let layers = vec![
        pool([4, 5, 1], 1, 1),
        FrozenLayer::new("quantized_convolution")
            .setting("height", 6)
            .setting("width", 7)
            .weight("weight", &[3, 3, 1, 8], kernel.collect::<Vec<_>>())
            .weight("scale", &[8], vec![0.5_f32; 8])
            .weight("bias", &[8], vec![1.0_f32; 8]),
        pool([4, 5, 8], 2, 0),
        FrozenLayer::new("mean_of_pixels").setting("channels", 8),
        FrozenLayer::new("linear")
            .weight(
                "weight",
                &[8, 2],
                (0..16)
                    .map(|i| if i == 0 { 0.1 } else { 0.0 })
                    .collect::<Vec<f32>>(),
            )
            .weight("bias", &[2], vec![0.0, 0.0]),
        FrozenLayer::new("softmax"),
    ];
    file(Input::Image(input), classes(), layers)
}

/// A picture for [`fixed_point`].
const FIXED_POINT: &str = "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]";

/// 3 × 8 pixels of two channels, on fixed-point numbers → 8 filters → 32 → 2 classes.
fn fixed_point() -> ModelFile {
    let input = Image {
        height: 3,
        width: 8,
        channels: 2,
        maximum: 1,
        unit: "light".into(),
        mean: vec![0.0; 2],
        std_dev: vec![1.0; 2],
    };
    // Of the first filter, the middle of the kernel in the first channel, and of no other anything. Channels come in pairs.
    let kernel = (0..144).map(|place| if place == 4 * 16 { 4096_i16 } else { 0 });
    // Of the first output the first filter of the first pixel.
    let pairs = (0..24 * 32 * 2).map(|place| if place == 0 { 64_i8 } else { 0 });
    let layers = vec![
        FrozenLayer::new("fixed_point_convolution")
            .setting("height", 3)
            .setting("width", 8)
            .setting("channels", 2)
            .setting("filters", 8)
            .weight("weight", &[144], kernel.collect::<Vec<_>>())
            .weight("scale", &[8], vec![1.0_f32 / 512.0; 8])
            .weight("bias", &[8], vec![0.0_f32; 8]),
        FrozenLayer::new("fixed_point_gelu"),
        FrozenLayer::new("fixed_point_linear")
            .weight("weight", &[24, 32, 2], pairs.collect::<Vec<_>>())
            .weight("scale", &[32], vec![1.0_f32 / 1024.0; 32])
            .weight("bias", &[32], vec![0.0_f32; 32]),
        FrozenLayer::new("linear")
            .weight(
                "weight",
                &[32, 2],
                (0..64)
                    .map(|i| if i == 0 { 1.0 } else { 0.0 })
                    .collect::<Vec<f32>>(),
            )
            .weight("bias", &[2], vec![0.0, 0.0]),
        FrozenLayer::new("softmax"),
    ];
    file(Input::Image(input), classes(), layers)
}

/// The same beside histograms of the picture, which say three to one whatever it shows.
fn blended() -> ModelFile {
    let mut file = pooled();
    let first = file.layers.len() as u32;
    let numbers = 6 * 6 * 9 + 16;
    let mut weight = vec![0.0_f32; numbers * 2];
    // All 16 grey levels together, against themselves.
    weight[648..].fill(0.5);
    file.layers.extend([
        FrozenLayer::new("histograms")
            .setting("height", 4)
            .setting("width", 5)
            .setting("channels", 1),
        FrozenLayer::new("linear")
            .weight("weight", &[numbers, 2], weight)
            .weight("bias", &[2], vec![3.0_f32.ln(), 0.0]),
        FrozenLayer::new("softmax"),
        FrozenLayer::new("blend")
            .weight("weight", &[2], vec![0.75_f32, 0.25])
            .weight("layers", &[2], vec![first, 3]),
    ]);
    file
}

fn open(bytes: &[u8], input: &str) -> Option<Vec<f32>> {
    let bytes = AlignedBytes::new(bytes);
    let mut runtime = Runtime::open::<Any>(&bytes).ok()?;
    let answer = runtime.predict(input, true).ok()?;
    Some(match answer.prediction {
        Prediction::Class { probabilities, .. } => probabilities.to_vec(),
        Prediction::Number { value, .. } => vec![value],
    })
}

#[test]
fn a_table_is_computed_as_by_hand() {
    let bytes = table().to_bytes().unwrap();
    let found = open(&bytes, r#"{"colour": "blue", "length": 10}"#).unwrap();
    // Centred: ln 10 − 1, −0.5, 0.5.
    let x = 10_f32.ln() - 1.0;
    let hidden = [x - 0.25, -x - 0.25 + 0.5 + 1.0, -1.0 - 1.0 - 1.0].map(|h: f32| h.max(0.0));
    let odds = (hidden[0] - hidden[1]).exp();
    assert!((found[0] - odds / (1.0 + odds)).abs() < 1e-6, "{found:?}");
    assert!((found[0] + found[1] - 1.0).abs() < 1e-6);
}

#[test]
fn an_image_is_computed_as_by_hand() {
    let bytes = image().to_bytes().unwrap();
    // The first pixel is 0, the others are 255: −2 and 2 after scaling, and each filter sees nine.
    let input = format!("[0,{}]", ["255"; 11].join(","));
    let found = open(&bytes, &input).unwrap();
    // Two positions of two filters: 7.5 and −4 before GELU, then 9.5, which has no weight, and −5.
    let gelu = |x: f64| 0.5 * x * (1.0 + libm::erf(x / 2.0_f64.sqrt()));
    let expected = 0.01 * (127.0 * gelu(7.5) - 127.0 * gelu(-4.0) + gelu(-5.0)) + 0.5;
    assert!(
        (f64::from(found[0]) - expected).abs() < 1e-4,
        "{found:?} {expected}"
    );
}

#[test]
fn a_picture_is_pooled_as_by_hand() {
    let bytes = pooled().to_bytes().unwrap();
    let pixels = [
        [0, 255, 0, 51, 255],
        [0, 0, 102, 0, 255],
        [0, 0, 0, 0, 255],
        [0, 0, 0, 204, 255],
    ];
    let input = format!("{pixels:?}");
    let found = open(&bytes, &input).unwrap();
    // The largest of four squares are 1, 0.4, 0 and 0.8; the last column fills none.
    let mean = 1.0_f32 + 32.0 * (1.0 + 0.4 + 0.0 + 0.8) / 4.0;
    let expected = 1.0 / (1.0 + (-0.1 * mean).exp());
    assert!((found[0] - expected).abs() < 1e-6, "{found:?} {expected}");
}

#[test]
fn fixed_point_layers_give_what_is_found_by_hand() {
    let mut pixels = [[0; 16]; 3];
    // The second pixel of the middle row, first channel.
    pixels[1][2] = 1;
    let found = open(&fixed_point().to_bytes().unwrap(), &format!("{pixels:?}")).unwrap();
    // 1 · 4096 / 512 = 8, far in the linear part of GELU; 8 · 64 / 1024 = ½.
    let expected = 1.0 / (1.0 + (-0.5_f32).exp());
    assert!((found[0] - expected).abs() < 1e-5, "{found:?} {expected}");
}

#[test]
fn fixed_point_layers_that_do_not_fit_are_refused() {
    type Change = fn(&mut ModelFile);
    let set = |file: &mut ModelFile, name: &str, value| {
        let settings = &mut file.layers[0].settings;
        settings.iter_mut().find(|(own, _)| *own == name).unwrap().1 = value;
    };
    assert_eq!(problem(&fixed_point()), "");
    for (name, value) in [
        ("channels", 1),
        ("channels", usize::MAX),
        ("filters", 12),
        ("filters", 0),
        ("filters", usize::MAX),
        ("width", 7),
        ("height", 4),
    ] {
        let mut changed = fixed_point();
        set(&mut changed, name, value);
        assert!(!problem(&changed).is_empty(), "{name} {value}");
    }
    let faults: [Change; 4] = [
        |file| file.layers[0].weights[0].values = vec![1.0_f32; 144].into(),
        |file| {
            // Their products could exceed 32 bits.
            file.layers[0].weights[0].values = vec![i16::MIN; 144].into();
        },
        |file| file.layers[2].weights[0].shape = vec![48, 32],
        |file| file.layers[2].weights[0].shape = vec![24, 64, 1],
    ];
    for (number, fault) in faults.into_iter().enumerate() {
        let mut changed = fixed_point();
        fault(&mut changed);
        assert!(!problem(&changed).is_empty(), "fault {number}");
    }
}

#[test]
fn networks_for_pictures_can_be_blended() {
    let input =
        "[[0, 255, 0, 51, 255], [0, 0, 102, 0, 255], [0, 0, 0, 0, 255], [0, 0, 0, 204, 255]]";
    let [one, both] = [pooled(), blended()].map(|file| {
        let found = open(&file.to_bytes().unwrap(), input).unwrap();
        found[0]
    });
    assert!(
        (both - (0.75 * one + 0.25 * 0.75)).abs() < 1e-6,
        "{one} {both}"
    );
}

#[test]
fn pictures_that_do_not_fit_are_refused() {
    assert_eq!(problem(&pooled()), "");
    assert_eq!(problem(&blended()), "");
    let setting = |layer: &mut FrozenLayer, name: &str, value| {
        let found = layer.settings.iter_mut().find(|(own, _)| *own == name);
        found.unwrap().1 = value;
    };
    for (layer, name, value) in [
        (0, "height", 5),
        (0, "height", usize::MAX),
        (0, "channels", 0),
        (0, "side", 0),
        (0, "side", 5),
        (0, "border", 2),
        (1, "width", 8),
        (2, "side", usize::MAX),
        (3, "channels", 7),
        (3, "channels", 0),
        (6, "height", usize::MAX),
        (6, "width", 4),
        (6, "channels", 2),
        (6, "channels", 0),
    ] {
        let mut changed = if layer < 6 { pooled() } else { blended() };
        setting(&mut changed.layers[layer], name, value);
        let problem = problem(&changed);
        assert!(!problem.is_empty(), "{layer} {name} {value}");
    }
}

/// How a model is spoilt.
type Change = fn(&mut ModelFile);

/// What is wrong with `file`.
fn problem(file: &ModelFile) -> String {
    let written = match file.to_bytes() {
        Ok(bytes) => bytes,
        Err(error) => return error.to_string(),
    };
    let bytes = AlignedBytes::new(&written);
    match Runtime::open::<Any>(&bytes) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn layers_that_do_not_fit_are_refused() {
    assert_eq!(problem(&table()), "");
    let cases: [(Change, &str); 6] = [
        (|file| drop(file.layers.pop()), ""),
        (|file| drop(file.layers.remove(3)), "3 numbers"),
        (|file| file.layers.truncate(2), ""),
        (|file| file.layers[2] = FrozenLayer::new("tanh"), "tanh"),
        (|file| file.layers[1] = FrozenLayer::new("linear"), "weight"),
        (|file| file.output = Output::Classes(vec!["one".into()]), ""),
    ];
    for (index, (change, part)) in cases.into_iter().enumerate() {
        let mut changed = table();
        change(&mut changed);
        let problem = problem(&changed);
        // Scores without a softmax are still numbers.
        assert!(index == 0 || !problem.is_empty(), "case {index}");
        assert!(problem.contains(part), "case {index}: {problem}");
    }
}

#[test]
fn a_model_is_of_one_kind() {
    let bytes = table().to_bytes().unwrap();
    let bytes = AlignedBytes::new(&bytes);
    assert!(Runtime::open::<runtime::Table>(&bytes).is_ok());
    assert!(Runtime::open::<runtime::Image>(&bytes).is_err());
    assert!(Runtime::open::<runtime::Text>(&bytes).is_err());
}

/// A text of tokens is read whatever its weights are; the layer for it is tested where it is.
fn text() -> ModelFile {
    let part = |name: &str| TextPart {
        name: name.into(),
        description: String::new(),
    };
    let input = Text {
        parts: vec![part("title"), part("body")],
        max_tokens: 3,
        tokenizer: Tokenizer::Words { hash_buckets: 64 },
    };
    let layers = vec![
        FrozenLayer::new("linear")
            .weight("weight", &[3, 2], vec![0.01; 6])
            .weight("bias", &[2], vec![0.0, 1.0]),
        FrozenLayer::new("softmax"),
    ];
    file(Input::Text(input), classes(), layers)
}

#[test]
fn whatever_is_cut_off_is_missed() {
    for (file, input) in [
        (table(), r#"{"length": 10, "colour": "red"}"#),
        (image(), "[0,0,0,0,0,0,0,0,0,0,0,9]"),
        (pooled(), "[0,0,0,0,0,0,0,0,0,0,0,9,1,2,3,4,5,6,7,8]"),
        (fixed_point(), FIXED_POINT),
        (text(), "\"some words and more\""),
    ] {
        let bytes = file.to_bytes().unwrap();
        assert!(open(&bytes, input).is_some());
        for length in 0..bytes.len() {
            assert_eq!(open(&bytes[..length], input), None, "{length} bytes");
        }
    }
}

/// Changes good models in random places, thousands of times, always the same ones: they are refused or give
/// the numbers that they should have, and nothing panics.
#[test]
fn no_damage_makes_it_panic() {
    let mut random = fastrand::Rng::with_seed(42);
    let mut draw = |below: usize| random.usize(..below);
    let files = [
        (table(), r#"{"length": 10, "colour": "red"}"#),
        (image(), "[0,0,0,0,0,0,0,0,0,0,0,9]"),
        (pooled(), "[0,0,0,0,0,0,0,0,0,0,0,9,1,2,3,4,5,6,7,8]"),
        (fixed_point(), FIXED_POINT),
        (text(), "\"some words and more\""),
    ];
    let mut opened = 0;
    for round in 0..30_000 {
        let (file, input) = &files[round % files.len()];
        let mut bytes = file.to_bytes().unwrap();
        for _ in 0..=draw(3) {
            let at = draw(bytes.len());
            match draw(4) {
                0 => bytes[at] = draw(256) as u8,
                1 => bytes[at] = b"0123456789{}[]\",:-e"[draw(19)],
                2 => bytes[at] ^= 1 << draw(8),
                _ => {
                    let other = draw(bytes.len());
                    bytes.swap(at, other);
                }
            }
        }
        let aligned = AlignedBytes::new(&bytes);
        if let Ok(model) = Model::read(&aligned) {
            let numbers = model.output.numbers();
            if let Some(found) = open(&bytes, input) {
                assert_eq!(found.len(), numbers);
                opened += 1;
            }
        }
    }
    assert!(opened > 100, "{opened}");
}
