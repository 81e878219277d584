//! Model files, written and read again, and what is refused.

#![cfg(feature = "write")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use model::{
    AlignedBytes, Field, FrozenLayer, Image, Input, InputKind, Model, ModelError, ModelFile,
    NumberOutput, Output, Text, TextPart, Tokenizer, Training, Transform, Values, hexadecimal,
};

fn number(minimum: f32, maximum: f32) -> Values {
    Values::Number {
        minimum,
        maximum,
        training_minimum: None,
        training_maximum: None,
    }
}

fn category(words: &[&str]) -> Values {
    Values::Category {
        categories: words.iter().map(|word| (*word).to_owned()).collect(),
    }
}

fn field(name: &str, values: Values, transform: Transform) -> Field {
    Field {
        name: name.into(),
        unit: "cm".into(),
        description: "how \"long\" it is".into(),
        values,
        transform,
    }
}

fn fields() -> Vec<Field> {
    let trained = Values::Number {
        minimum: -1.5,
        maximum: 9.25,
        training_minimum: Some(0.5),
        training_maximum: Some(7.0),
    };
    let standardise = Transform::Standardise {
        mean: 3.5,
        std_dev: 0.25,
    };
    vec![
        field("length", trained, Transform::Identity),
        field("weight", number(0.1, 1e6), Transform::Log),
        field("pH", number(0.0, 14.0), standardise),
        field(
            "colour",
            category(&["red", "bl\"ue", "grün"]),
            Transform::OneHot,
        ),
    ]
}

fn image() -> Image {
    Image {
        height: 3,
        width: 4,
        channels: 2,
        maximum: 200,
        unit: "ink".into(),
        mean: vec![0.5, 0.25],
        std_dev: vec![0.25, 2.0],
    }
}

fn text() -> Text {
    let part = |name: &str| TextPart {
        name: name.into(),
        description: format!("the {name}"),
    };
    Text {
        parts: vec![part("title"), part("body")],
        max_tokens: 5,
        tokenizer: Tokenizer::Words { hash_buckets: 64 },
    }
}

fn outputs() -> [Output; 2] {
    [
        Output::Classes(vec!["yes".into(), "no".into()]),
        Output::Number(NumberOutput {
            name: "grade".into(),
            coverage: 0.75,
            half_width: 1.5,
            decimals: 1,
        }),
    ]
}

fn inputs() -> [Input; 3] {
    [
        Input::Table(fields()),
        Input::Image(image()),
        Input::Text(text()),
    ]
}

fn file(input: Input) -> ModelFile {
    let [output, _] = outputs();
    ModelFile {
        name: "toy".into(),
        about: "Toys: \\ and \"quotes\".".into(),
        example: "{\"length\": 1}".into(),
        input,
        output,
        layers: vec![
            FrozenLayer::new("first")
                .setting("height", 7)
                .weight("a", &[2, 3], vec![0.5_f32, -1.0, 2.0, 3.0, 4.0, 5.0])
                .weight("b", &[3], vec![1_i8, -2, 127])
                .weight("c", &[2, 1, 1, 1], vec![9_u32, 4_000_000_000]),
            FrozenLayer::new("second"),
        ],
        metrics: [("test_accuracy".to_owned(), 0.5)].into(),
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

/// What is wrong with `file`; nothing if it can be written.
fn problem(file: &ModelFile) -> String {
    file.to_bytes()
        .map_or_else(|error| error.to_string(), |_| String::new())
}

#[test]
fn what_is_written_is_read() {
    for input in inputs() {
        for output in outputs() {
            let written = ModelFile {
                output,
                ..file(input.clone())
            };
            let bytes = AlignedBytes::new(&written.to_bytes().unwrap());
            let model = Model::read(&bytes).unwrap();
            assert_eq!(model.name, written.name);
            assert_eq!(model.about, written.about);
            assert_eq!(model.example, written.example);
            assert_eq!(model.input, written.input);
            assert_eq!(model.output, written.output);
            assert_eq!(model.weights(), 6 + 3 + 2);
            let header: serde_json::Value = serde_json::from_str(&model.header()).unwrap();
            assert_eq!(header["format"], 1);
            assert_eq!(header["metrics"]["test_accuracy"], 0.5);
            assert_eq!(header["training"]["epoch"], 3);
        }
    }
}

#[test]
fn layers_give_their_settings_and_weights() {
    let bytes = AlignedBytes::new(&file(Input::Image(image())).to_bytes().unwrap());
    let model = Model::read(&bytes).unwrap();
    let layers: Vec<_> = model.layers().collect();
    let kinds: Vec<_> = layers.iter().map(model::Layer::kind).collect();
    assert_eq!(kinds, ["first", "second"]);
    assert_eq!(layers[0].setting("height").unwrap(), 7);
    let a: (&[f32], [usize; 2]) = layers[0].tensor("a").unwrap();
    assert_eq!(a, (&[0.5, -1.0, 2.0, 3.0, 4.0, 5.0][..], [2, 3]));
    assert_eq!(layers[0].vector::<i8>("b", 3).unwrap(), [1, -2, 127]);
    let c: (&[u32], [usize; 4]) = layers[0].tensor("c").unwrap();
    assert_eq!(c, (&[9, 4_000_000_000][..], [2, 1, 1, 1]));

    // Another length, number of dimensions, type or name.
    let missing = |error: ModelError| matches!(error, ModelError::Tensor { layer: 0, .. });
    assert!(missing(layers[0].vector::<i8>("b", 4).unwrap_err()));
    assert!(missing(layers[0].vector::<f32>("a", 6).unwrap_err()));
    assert!(missing(layers[0].tensor::<f32, 3>("a").unwrap_err()));
    assert!(missing(layers[0].tensor::<f32, 1>("b").unwrap_err()));
    assert!(missing(layers[0].tensor::<f32, 1>("d").unwrap_err()));
    assert!(layers[1].tensor::<f32, 2>("a").is_err());
    assert!(layers[0].setting("width").is_err() && layers[1].setting("height").is_err());
    let problem = layers[1].problem("is odd").to_string();
    assert_eq!(problem, "layer 1 (`second`) is odd");
}

#[test]
fn a_program_reads_the_kinds_that_it_knows() {
    let kinds = [InputKind::TABLE, InputKind::IMAGE, InputKind::TEXT];
    for (number, input) in inputs().into_iter().enumerate() {
        let bytes = AlignedBytes::new(&file(input).to_bytes().unwrap());
        for (other, kind) in kinds.into_iter().enumerate() {
            let read = Model::read_as(&bytes, &[kind]);
            assert_eq!(read.is_ok(), number == other, "{number} {other}");
        }
    }
}

#[test]
fn inputs_and_outputs_say_how_many_numbers_they_are() {
    // Three numbers, and one for each of three colours.
    assert_eq!(inputs().map(|input| input.numbers()), [6, 24, 5]);
    let numbers: Vec<_> = fields().iter().map(Field::numbers).collect();
    assert_eq!(numbers, [1, 1, 1, 3]);
    assert_eq!(outputs().map(|output| output.numbers()), [2, 1]);
}

#[test]
fn a_field_tells_possible_and_usual_numbers() {
    let [length, weight, _, colour] = <[Field; 4]>::try_from(fields()).unwrap();
    for (number, possible, unusual) in [
        (-1.6, false, true),
        (-1.5, true, true),
        (0.4, true, true),
        (0.5, true, false),
        (7.0, true, false),
        (7.1, true, true),
        (9.25, true, true),
        (9.3, false, true),
        (f32::NAN, false, false),
    ] {
        assert_eq!(length.has_number(number), possible, "{number}");
        assert_eq!(length.is_unusual(number), unusual, "{number}");
    }
    assert!(!weight.is_unusual(1e9));
    assert!(!colour.has_number(0.0) && !colour.is_unusual(0.0));
}

#[test]
fn a_pixel_is_scaled_by_its_channel() {
    let image = image();
    assert_eq!(image.scale(100.0, 0), 0.0);
    assert_eq!(image.scale(200.0, 0), 2.0);
    assert_eq!(image.scale(150.0, 1), 0.25);
    // There is no third channel: as if it had mean 0 and standard deviation 1.
    assert_eq!(image.scale(150.0, 2), 0.75);
}

#[test]
fn fields_that_make_no_sense_are_refused() {
    type Change = fn(&mut Vec<Field>);
    const NAMES: &str = "is empty or too long";
    let cases: [(Change, &str); 13] = [
        (|_| (), "fits"),
        (Vec::clear, NAMES),
        (
            |f| f[1].name = "length".into(),
            "`length` is empty or there twice",
        ),
        (|f| f[1].name = String::new(), "`` is empty or there twice"),
        (|f| f[0].values = number(2.0, 1.0), "`length` has no usable"),
        (|f| f[0].values = number(f32::MIN, f32::MAX), "fits"),
        (|f| f[0].values = number(3.0, 3.0), "fits"),
        (|f| f[1].values = number(0.0, 3.0), "`weight` has no usable"),
        (
            |f| f[0].transform = Transform::OneHot,
            "`length` has no usable",
        ),
        (
            |f| f[3].transform = Transform::Identity,
            "`colour` has no usable",
        ),
        (
            |f| f[3].transform = Transform::Log,
            "`colour` has no usable",
        ),
        (
            |f| f[3].values = category(&["red", "red"]),
            "`red` is empty or there twice",
        ),
        (|f| f[3].values = category(&[]), NAMES),
    ];
    for (index, (change, expected)) in cases.into_iter().enumerate() {
        let mut changed = fields();
        change(&mut changed);
        let problem = problem(&file(Input::Table(changed)));
        match expected {
            "fits" => assert_eq!(problem, "", "case {index}"),
            _ => assert!(problem.contains(expected), "case {index}: {problem}"),
        }
    }
}

#[test]
fn images_that_make_no_sense_are_refused() {
    type Change = fn(&mut Image);
    let cases: [(Change, bool); 12] = [
        (|_| (), true),
        (|i| i.height = 0, false),
        (|i| i.width = 0, false),
        (|i| i.maximum = 0, false),
        (|i| i.height = 1 << 21, true),
        (|i| i.height = (1 << 21) + 1, false),
        (|i| i.mean = vec![0.5], false),
        (|i| i.std_dev = vec![0.5; 3], false),
        (|i| i.std_dev[1] = 0.0, false),
        (|i| i.std_dev[1] = -1.0, false),
        (|i| i.mean[0] = -1.0, true),
        (|i| i.height = usize::MAX, false),
    ];
    for (index, (change, fits)) in cases.into_iter().enumerate() {
        let mut changed = image();
        change(&mut changed);
        let problem = problem(&file(Input::Image(changed)));
        assert_eq!(problem.is_empty(), fits, "case {index}: {problem}");
    }
}

#[test]
fn texts_that_make_no_sense_are_refused() {
    for (max_tokens, hash_buckets, fits) in [
        (1, 4, true),
        (1 << 20, 1 << 23, true),
        (0, 64, false),
        ((1 << 20) + 1, 64, false),
        (5, 3, false),
        (5, (1 << 23) + 1, false),
    ] {
        let changed = Text {
            max_tokens,
            tokenizer: Tokenizer::Words { hash_buckets },
            ..text()
        };
        let problem = problem(&file(Input::Text(changed)));
        assert_eq!(
            problem.is_empty(),
            fits,
            "{max_tokens} {hash_buckets}: {problem}"
        );
    }
    let mut twice = text();
    twice.parts[1].name = "title".into();
    assert!(problem(&file(Input::Text(twice))).contains("`title`"));
}

#[test]
fn outputs_that_make_no_sense_are_refused() {
    let with = |output| {
        problem(&ModelFile {
            output,
            ..file(Input::Text(text()))
        })
    };
    for (name, coverage, half_width, fits) in [
        ("grade", 0.0, 0.0, true),
        ("grade", 1.0, 1e30, true),
        ("grade", 1.01, 1.0, false),
        ("grade", -0.1, 1.0, false),
        ("grade", 0.5, -1.0, false),
        ("", 0.5, 1.0, false),
    ] {
        let problem = with(Output::Number(NumberOutput {
            name: name.into(),
            coverage,
            half_width,
            decimals: 1,
        }));
        assert_eq!(
            problem.is_empty(),
            fits,
            "{name} {coverage} {half_width}: {problem}"
        );
    }
    assert!(!with(Output::Classes(vec![])).is_empty());
    assert!(!with(Output::Classes(vec!["a".into(), "a".into()])).is_empty());
    let most: Vec<_> = (0..4096).map(|name| name.to_string()).collect();
    assert_eq!(with(Output::Classes(most.clone())), "");
    let more = [most, vec!["one more".into()]].concat();
    assert!(!with(Output::Classes(more)).is_empty());
}

#[test]
fn weights_that_are_not_finite_or_of_another_shape_are_not_written() {
    for value in [f32::NAN, f32::INFINITY] {
        let mut changed = file(Input::Text(text()));
        changed.layers[1] = FrozenLayer::new("second").weight("a", &[2], vec![1.0, value]);
        assert!(problem(&changed).contains("`weights`"));
    }
    let mut changed = file(Input::Text(text()));
    changed.layers[1] = FrozenLayer::new("second").weight("a", &[3], vec![1.0, 2.0]);
    assert!(problem(&changed).contains("another shape"));
}

#[test]
fn a_layer_gives_its_floats() {
    let layer = FrozenLayer::new("x")
        .weight("a", &[1], vec![1.0])
        .weight("b", &[1], vec![1_i8]);
    assert_eq!(layer.floats("a"), Some(&[1.0][..]));
    assert_eq!((layer.floats("b"), layer.floats("c")), (None, None));
}

/// A safetensors file with this header and 16 bytes of data.
fn raw(header: &str) -> AlignedBytes {
    let padding = " ".repeat(header.len().next_multiple_of(8) - header.len());
    let header = [header, &padding].concat();
    let length = (header.len() as u64).to_le_bytes();
    AlignedBytes::new(&[&length, header.as_bytes(), &[7; 16]].concat())
}

const METADATA: &str = r#"{"format":1,"name":"toy","about":"Toys.","example":"","input":{"text":{"parts":[{"name":"a","description":""}],"max_tokens":3,"tokenizer":{"words":{"hash_buckets":64}}}},"output":{"classes":["yes","no"]},"layers":[{"kind":"first"}]}"#;

/// The header of a small model.
fn header(metadata: &str) -> String {
    let metadata = serde_json::to_string(metadata).unwrap();
    let tensor = r#""layers.0.a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}"#;
    format!("{{\"__metadata__\":{{\"other\":\"x\",\"model\":{metadata}}},{tensor}}}")
}

#[test]
fn metadata_that_makes_no_sense_is_refused() {
    assert!(Model::read(&raw(&header(METADATA))).is_ok());
    for (part, by, expected) in [
        ("\"format\":1", "\"format\":2", "has format 2"),
        ("\"format\":1", "\"format\":\"1\"", "has format"),
        ("\"format\":1,", "", "`format`"),
        ("\"name\":\"toy\"", "\"name\":5", "`name`"),
        ("\"about\":\"Toys.\",", "", "`about`"),
        ("\"example\":\"\"", "\"example\":[]", "`example`"),
        ("{\"text\":", "{\"sound\":", "another kind of input"),
        ("\"max_tokens\":3", "\"max_tokens\":3.5", "`max_tokens`"),
        ("[{\"name\":\"a\",\"description\":\"\"}]", "[5]", "`parts`"),
        ("[{\"name\":\"a\",\"description\":\"\"}]", "{}", "`parts`"),
        ("{\"words\":", "{\"letters\":", "`tokenizer`"),
        ("{\"words\":{\"hash_buckets\":64}}", "5", "`tokenizer`"),
        (
            "\"hash_buckets\":64",
            "\"hash_buckets\":99999999999",
            "`hash_buckets`",
        ),
        (
            "{\"classes\":[\"yes\",\"no\"]}",
            "{\"colours\":[]}",
            "`output`",
        ),
        ("[\"yes\",\"no\"]", "[\"yes\",5]", "`classes`"),
        ("[{\"kind\":\"first\"}]", "{}", "`layers`"),
        (
            "\"layers\":[{\"kind\":\"first\"}]",
            "\"layer\":[]",
            "`layers`",
        ),
        (METADATA, "5", "`model`"),
        (METADATA, "{", "`model`"),
    ] {
        assert!(METADATA.contains(part), "{part}");
        let bytes = raw(&header(&METADATA.replace(part, by)));
        let error = Model::read(&bytes).unwrap_err().to_string();
        assert!(error.contains(expected), "{part} → {by}: {error}");
    }
    let bytes = raw(&header(&METADATA.replace("{\"kind\":\"first\"}", "5")));
    let model = Model::read(&bytes).unwrap();
    assert!(model.layers().all(|layer| layer.kind().is_empty()));
}

#[test]
fn files_that_are_no_safetensors_are_refused() {
    let good = header(METADATA);
    let twice = "},\"layers.0.a\":{\"dtype\":\"I8\",\"shape\":[16],\"data_offsets\":[0,16]}}";
    for (header, expected) in [
        ("[]", "not an object"),
        ("{", "not JSON"),
        ("{}", "no entry `model`"),
        (&good.replace("__metadata__", "metadata"), "unknown type"),
        (
            &good.replace("\"model\":", "\"models\":"),
            "no entry `model`",
        ),
        (&good.replace("F32", "F16"), "unknown type"),
        (&good.replace("[2,2]", "[2,3]"), "not where"),
        (&good.replace("[2,2]", "[2,2,1,1,1]"), "shape"),
        (&good.replace("[2,2]", "5"), "shape"),
        (
            &good.replace("[2,2]", "[9223372036854775807,9]"),
            "not where",
        ),
        (&good.replace("[0,16]", "[1,17]"), "not where"),
        (&good.replace("[0,16]", "[16,0]"), "not where"),
        (&good.replace("[0,16]", "[0]"), "offsets"),
        (&[good.trim_end_matches('}'), twice].concat(), "there twice"),
    ] {
        let bytes = raw(header);
        let error = Model::read(&bytes).unwrap_err().to_string();
        assert!(error.contains(expected), "{header}: {error}");
    }
    let bytes = raw(&good);
    for (bytes, expected) in [
        (&bytes[..7], "too short"),
        (&bytes[..50], "cut off"),
        (&[255; 40][..], "cut off"),
    ] {
        let error = Model::read(bytes).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let mut bytes = bytes.to_vec();
    bytes[9] = 0xff;
    let error = Model::read(&bytes).unwrap_err().to_string();
    assert!(error.contains("UTF-8"), "{error}");
}

#[test]
fn there_are_so_many_tensors_at_most() {
    let with = |count: usize| {
        let entry = r#"{"dtype":"I8","shape":[0],"data_offsets":[0,0]}"#;
        let tensors: Vec<_> = (0..count)
            .map(|name| format!(",\"{name}\":{entry}"))
            .collect();
        let tensors = tensors.concat();
        let header = header(METADATA);
        raw(&format!("{}{tensors}}}", header.strip_suffix('}').unwrap()))
    };
    assert!(Model::read(&with(4095)).is_ok());
    let error = Model::read(&with(4096)).unwrap_err().to_string();
    assert!(error.contains("too many"), "{error}");
}

#[test]
fn numbers_are_read_only_where_they_are_aligned() {
    let bytes = raw(&header(METADATA));
    let model = Model::read(&bytes).unwrap();
    let read = |layer: model::Layer<'_, '_>| layer.tensor::<f32, 2>("a").is_ok();
    assert!(model.layers().all(read));
    let shifted = AlignedBytes::new(&[&[0], &bytes[..]].concat());
    let model = Model::read(&shifted[1..]).unwrap();
    assert!(!model.layers().any(read));
}

#[test]
fn digests_are_two_digits_a_byte() {
    assert_eq!(hexadecimal(&[0x0f, 0xf0, 0x25]), "0ff025");
}
