//! Inputs as plain numbers mean what they mean in JSON.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use model::{
    AlignedBytes, Column, ColumnValues, Field, FrozenLayer, Image, Input, ModelFile, NumberRange,
    Output, Training, Transform, Values,
};
use runtime::{Any, Prediction, Runtime};

/// A model whose answer is the softmax of the numbers that its network gets.
fn model(input: Input) -> AlignedBytes {
    let inputs = input.numbers();
    let weight = (0..inputs * inputs).map(|place| f32::from(u8::from(place % (inputs + 1) == 0)));
    let classes = (0..inputs).map(|class| class.to_string()).collect();
    let file = ModelFile {
        name: "toy".into(),
        about: "Toys.".into(),
        example: String::new(),
        input,
        output: Output::Classes(classes),
        layers: vec![
            FrozenLayer::new("linear")
                .weight("weight", &[inputs, inputs], weight.collect::<Vec<_>>())
                .weight("bias", &[inputs], vec![0.0_f32; inputs]),
            FrozenLayer::new("softmax"),
        ],
        metrics: [].into(),
        training: Training::default(),
    };
    AlignedBytes::new(&file.to_bytes().unwrap())
}

fn probabilities(prediction: &Prediction<'_>) -> Vec<f32> {
    match prediction {
        Prediction::Class { probabilities, .. } => probabilities.to_vec(),
        Prediction::Number { .. } => vec![],
    }
}

/// Both ways into a model: `json` and `values` have to be answered alike, or both be refused.
#[track_caller]
fn alike(bytes: &AlignedBytes, json: &str, values: &[f32]) {
    let mut runtime = Runtime::open::<Any>(bytes).unwrap();
    let read = |answer: runtime::Answer<'_>| probabilities(&answer.prediction);
    let expected = runtime.predict(json, false).map(read);
    let found = runtime.predict_numbers(values).map(read);
    match (expected, found) {
        (Ok(expected), Ok(found)) => assert_eq!(found, expected, "{json}"),
        (Err(_), Err(_)) => {}
        (expected, found) => unreachable!("{json}: {expected:?} {found:?}"),
    }
}

fn refusal(bytes: &AlignedBytes, values: &[f32]) -> String {
    let mut runtime = Runtime::open::<Any>(bytes).unwrap();
    runtime.predict_numbers(values).unwrap_err().to_string()
}

fn table() -> AlignedBytes {
    let field = |name: &str, values, transform| Field {
        name: name.into(),
        unit: String::new(),
        description: String::new(),
        values,
        transform,
    };
    let length = Values::Number {
        minimum: 1.0,
        maximum: 100.0,
        training_minimum: None,
        training_maximum: None,
    };
    let colour = Values::Category {
        categories: vec!["red".into(), "blue".into()],
    };
    model(Input::Table(vec![
        field("length", length, Transform::Log),
        field("colour", colour, Transform::OneHot),
    ]))
}

#[test]
fn a_category_of_a_table_is_its_position() {
    let table = table();
    for (colour, position) in [("red", 0.0), ("blue", 1.0)] {
        let json = format!("{{\"length\": 10.5, \"colour\": \"{colour}\"}}");
        alike(&table, &json, &[10.5, position]);
    }
    for (json, value) in [("0.5", 0.5), ("101", 101.0), ("null", f32::NAN)] {
        let json = format!("{{\"length\": {json}, \"colour\": \"red\"}}");
        alike(&table, &json, &[value, 0.0]);
    }
    for position in [2.0, -1.0, 0.5, f32::NAN, f32::INFINITY] {
        let said = refusal(&table, &[10.5, position]);
        let end = "expected the position of a category, from 0 to 1";
        assert!(said.ends_with(end), "{said}");
    }
}

fn columns(date: bool) -> Input {
    let column = |name: &str, values: ColumnValues| {
        let mut column = Column {
            name: name.into(),
            unit: String::new(),
            description: String::new(),
            values,
            missing: true,
            typical: vec![],
        };
        column.typical = vec![0.0; column.numbers()];
        column
    };
    let range = NumberRange {
        minimum: Some(0.0),
        maximum: None,
        training_minimum: 1.0,
        training_maximum: 9.0,
    };
    let words = vec!["red".into(), "blue".into()];
    let mut columns = vec![
        column("age", ColumnValues::Number(range)),
        column("colour", ColumnValues::Category(words)),
    ];
    if date {
        columns.push(column("day", ColumnValues::Date));
    }
    Input::Columns(columns)
}

/// What the reader of plain numbers gives for `values`.
fn read(input: &Input, values: &[f32]) -> Result<Vec<f32>, String> {
    let mut numbers = vec![f32::NAN; input.numbers()];
    runtime::read_numbers(input, values, &mut numbers).map_err(|error| error.to_string())?;
    Ok(numbers)
}

#[test]
fn values_of_columns_can_be_missing_and_unseen() {
    let input = columns(false);
    let [missing, unseen] = [model::MISSING, model::UNSEEN];
    for (values, expected) in [
        ([7.0, 1.0], [7.0, 1.0]),
        ([1e30, 0.0], [1e30, 0.0]),
        ([f32::NAN, f32::NAN], [missing, missing]),
        ([7.0, 2.0], [7.0, unseen]),
    ] {
        let bits = |numbers: &[f32]| numbers.iter().map(|n| n.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&read(&input, &values).unwrap()), bits(&expected));
    }
    for (values, expected) in [
        ([-1.0, 0.0], "`age` is -1: expected a number from 0"),
        (
            [f32::INFINITY, 0.0],
            "`age` is infinite: expected a number from 0",
        ),
        (
            [7.0, 3.0],
            "`colour` is 3: expected the position of a category, from 0 to 2",
        ),
        (
            [7.0, 0.5],
            "`colour` is 0.5: expected the position of a category, from 0 to 2",
        ),
    ] {
        assert_eq!(read(&input, &values).unwrap_err(), expected);
    }
    assert_eq!(runtime::count_numbers(&input), Some(2));
    assert_eq!(runtime::count_numbers(&columns(true)), None);
}

#[test]
fn pixels_of_several_channels_stand_together() {
    let image = model(Input::Image(Image {
        height: 2,
        width: 1,
        channels: 3,
        maximum: 255,
        unit: "light".into(),
        mean: vec![0.5, 0.0, 0.25],
        std_dev: vec![0.5, 1.0, 0.25],
    }));
    alike(
        &image,
        "[1, 2, 3, 4, 5, 255]",
        &[1.0, 2.0, 3.0, 4.0, 5.0, 255.0],
    );
    alike(
        &image,
        "[[[1, 2, 3]], [[4, 5, 255]]]",
        &[1.0, 2.0, 3.0, 4.0, 5.0, 255.0],
    );
    alike(
        &image,
        "[1, 2, 3, 4, 5, 256]",
        &[1.0, 2.0, 3.0, 4.0, 5.0, 256.0],
    );
    alike(&image, "[7, 7, 7, 7, 7, 7]", &[7.0; 6]);
    assert!(refusal(&image, &[0.5; 5]).contains("5 numbers: expected 6"));
}
