//! A model of texts as characters from its bytes to an explained answer, and damaged ones.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use model::characters::{Shape, ngrams};
use model::{
    AlignedBytes, FrozenLayer, Input, ModelFile, Output, Text, TextPart, Tokenizer, Training,
};
use runtime::{Any, Characters, InputError, Prediction, Runtime};

const SHAPE: Shape = Shape {
    words: 1,
    shortest: 2,
    longest: 2,
    across: false,
};

/// The n-grams of `text`: the words come first.
fn all(text: &str) -> Vec<u32> {
    let characters: Vec<u32> = text.chars().map(u32::from).collect();
    let mut found = vec![];
    ngrams(&characters, SHAPE, |ngram| found.push(ngram));
    found
}

/// Knows the words "good" and "股", and "x!" in words: they speak for the second class, against it, and for it.
fn model() -> ModelFile {
    let mut known = [
        (all("good")[0], 10_i8),
        (all("股")[0], -20),
        (all("x!")[3], 30),
    ];
    known.sort_unstable();
    let part = |name: &str| TextPart {
        name: name.into(),
        description: format!("the {name}"),
    };
    let layer = FrozenLayer::new("weighted_ngrams")
        .setting("words", SHAPE.words)
        .setting("shortest", SHAPE.shortest)
        .setting("longest", SHAPE.longest)
        .setting("across", 0)
        .weight("ngrams", &[3], known.map(|(ngram, _)| ngram).to_vec())
        .weight("rarity", &[3], vec![5_i8; 3])
        .weight("weight", &[3, 1], known.map(|(_, weight)| weight).to_vec())
        .weight("scale", &[1], vec![0.1_f32])
        .weight("bias", &[1], vec![0.5_f32]);
    ModelFile {
        name: "toy".into(),
        about: "Toys.".into(),
        example: String::new(),
        input: Input::Text(Text {
            parts: vec![part("title"), part("body")],
            max_tokens: 16,
            tokenizer: Tokenizer::Characters,
        }),
        output: Output::Classes(vec!["no".into(), "yes".into()]),
        layers: vec![layer, FrozenLayer::new("logistic")],
        metrics: [].into(),
        training: Training::default(),
    }
}

/// The logarithm of the odds of the second class, the words that weighed, and how many words were not read.
type Answered = (f32, Vec<(String, f32)>, usize);

fn answer(json: &str) -> Result<Answered, InputError> {
    let bytes = AlignedBytes::new(&model().to_bytes().unwrap());
    let mut runtime = Runtime::open::<Characters>(&bytes).unwrap();
    let answer = runtime.predict(json, true)?;
    let words = answer.explanation.unwrap().into_iter();
    let words = words.map(|word| (word.part, word.weight)).collect();
    let Prediction::Class { probabilities, .. } = answer.prediction else {
        unreachable!("a classifier");
    };
    let odds = (probabilities[1] / probabilities[0]).ln();
    Ok((odds, words, answer.remarks.unread))
}

#[test]
fn a_text_is_answered_with_the_words_that_weighed() {
    let (odds, words, unread) = answer("\"a GOOD day\"").unwrap();
    assert!((odds - 1.5).abs() < 1e-5, "{odds}");
    assert_eq!((words.len(), unread), (1, 0));
    assert_eq!(words[0].0, "GOOD");
    assert!((words[0].1 - 1.0).abs() < 1e-5, "{words:?}");
    // Two words of length 1 together: each counts 1/√2; and characters, which have a length of their own.
    let (odds, words, _) = answer(r#"{"title": "good", "body": "股x!"}"#).unwrap();
    let expected = 0.5 + (1.0 - 2.0) / 2.0_f32.sqrt() + 3.0;
    assert!((odds - expected).abs() < 1e-5, "{odds}");
    let names: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
    assert_eq!(names, ["x", "!", "good"], "{words:?}");
    assert!((answer("\"股\"").unwrap().0 + 1.5).abs() < 1e-5);
}

#[test]
fn what_is_not_read_is_counted_and_what_is_not_known_refused() {
    assert_eq!(answer("\"good 3 56 890 cut off\"").unwrap().2, 2);
    assert!(matches!(answer("\"bad\""), Err(InputError::Unknown)));
    for empty in ["\"\"", "\" \\n \"", r#"{"title": "", "body": "\t"}"#] {
        assert!(matches!(answer(empty), Err(InputError::NoWords)), "{empty}");
    }
}

#[test]
fn each_tokenizer_has_its_program() {
    let bytes = AlignedBytes::new(&model().to_bytes().unwrap());
    assert!(Runtime::open::<Any>(&bytes).is_ok());
    assert!(Runtime::open::<runtime::Text>(&bytes).is_err());
    let mut words = model();
    if let Input::Text(text) = &mut words.input {
        text.tokenizer = Tokenizer::Words { hash_buckets: 64 };
    }
    let bytes = AlignedBytes::new(&words.to_bytes().unwrap());
    assert!(Runtime::open::<Characters>(&bytes).is_err());
}

#[test]
fn layers_that_make_no_sense_are_refused() {
    let changes: [fn(&mut FrozenLayer); 6] = [
        |layer| layer.settings[0].1 = 3,
        |layer| layer.settings[2].1 = 17,
        |layer| layer.settings.truncate(3),
        |layer| layer.weights[0].shape = vec![3, 1],
        |layer| drop(layer.weights.remove(1)),
        |layer| layer.weights[2].shape = vec![1, 3],
    ];
    for (index, change) in changes.into_iter().enumerate() {
        let mut other = model();
        change(&mut other.layers[0]);
        let problem = match other.to_bytes() {
            Ok(bytes) => Runtime::open::<Any>(&AlignedBytes::new(&bytes))
                .err()
                .map(|error| error.to_string()),
            Err(error) => Some(error.to_string()),
        };
        assert!(problem.is_some(), "case {index}");
    }
}

/// Changes the model in random places, always the same ones: it is refused or answers, and nothing panics.
#[test]
fn no_damage_makes_it_panic() {
    let mut random = fastrand::Rng::with_seed(42);
    let good = model().to_bytes().unwrap();
    let mut opened = 0;
    for _ in 0..5000 {
        let mut bytes = good.clone();
        for _ in 0..=random.usize(..3) {
            let at = random.usize(..bytes.len());
            bytes[at] = if random.bool() {
                random.u8(..)
            } else {
                b"0123456789{}[]\",:-e"[random.usize(..19)]
            };
        }
        let aligned = AlignedBytes::new(&bytes);
        if let Ok(mut runtime) = Runtime::open::<Any>(&aligned) {
            let _ = runtime.predict("\"good 股x! 1\"", true);
            opened += 1;
        }
    }
    assert!(opened > 100, "{opened}");
}
