//! What each kind of input says of itself, and a model of texts from its bytes to an explained answer.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use model::keys::pack;
use model::ngrams::{KEY_BITS, key};
use model::{
    AlignedBytes, Field, FrozenLayer, Image, Input, ModelFile, Output, Text, TextPart, Tokenizer,
    Training, Transform, Values,
};
use runtime::{Any, InputError, Prediction, Runtime};

const TOKENIZER: Tokenizer = Tokenizer::Words { hash_buckets: 1024 };

fn file(input: Input, layers: Vec<FrozenLayer>) -> AlignedBytes {
    let file = ModelFile {
        name: "toy".into(),
        about: "Toys.".into(),
        example: String::new(),
        input,
        output: Output::Classes(vec!["yes".into(), "no".into()]),
        layers,
        metrics: [].into(),
        training: Training::default(),
    };
    AlignedBytes::new(&file.to_bytes().unwrap())
}

fn linear(inputs: usize, weight: Vec<f32>) -> Vec<FrozenLayer> {
    vec![
        FrozenLayer::new("linear")
            .weight("weight", &[inputs, 2], weight)
            .weight("bias", &[2], vec![0.0, 0.0]),
        FrozenLayer::new("softmax"),
    ]
}

fn image(channels: usize) -> AlignedBytes {
    let image = Image {
        height: 2,
        width: 3,
        channels,
        maximum: 255,
        unit: "ink".into(),
        mean: vec![0.0; channels],
        std_dev: vec![1.0; channels],
    };
    let count = 6 * channels;
    file(Input::Image(image), linear(count, vec![0.5; 2 * count]))
}

fn table() -> AlignedBytes {
    let field = |name: &str, unit: &str, range: Option<[f32; 2]>| Field {
        name: name.into(),
        unit: unit.into(),
        description: String::new(),
        values: Values::Number {
            minimum: 0.0,
            maximum: 9.0,
            training_minimum: range.map(|[low, _]| low),
            training_maximum: range.map(|[_, high]| high),
        },
        transform: Transform::Identity,
    };
    let fields = vec![
        field("length", "cm", Some([1.0, 2.5])),
        field("pH", "", None),
    ];
    file(Input::Table(fields), linear(2, vec![1.0, 0.0, 0.0, 1.0]))
}

/// Knows "good" and "bad", which speak for and against the first class.
fn text() -> AlignedBytes {
    let part = |name: &str| TextPart {
        name: name.into(),
        description: format!("the {name}"),
    };
    let input = Text {
        parts: vec![part("title"), part("body")],
        max_tokens: 4,
        tokenizer: TOKENIZER,
    };
    // Levels 0 to 15, and how much each speaks for the first and the second class.
    let mut known = [("good", 0x06_u8), ("bad", 0x80)]
        .map(|(word, weight)| (key(TOKENIZER.token(word)), weight));
    known.sort_unstable();
    let [ngram_low, ngram_counts] = pack(&known.map(|(key, _)| key), KEY_BITS);
    let [word_low, word_counts] = pack(&[TOKENIZER.token("odd")], 23);
    let levels: Vec<i8> = (0..16).collect();
    let features = FrozenLayer::new("text_features")
        .weight("ngram_low", &[2], ngram_low)
        .weight("ngram_counts", &[1 << 16], ngram_counts)
        .weight(
            "ngram_weight",
            &[2, 1],
            known.map(|(_, weight)| weight).to_vec(),
        )
        .weight("ngram_levels", &[2, 16], levels.repeat(2))
        .weight("ngram_scale", &[2], vec![1.0_f32, 1.0])
        .weight("ngram_bias", &[2], vec![0.0_f32, 0.0])
        .weight("word_low", &[1], word_low)
        .weight("word_counts", &[1 << 15], word_counts)
        .weight("word_weight", &[2, 1], vec![0_u8, 1])
        .weight("word_levels", &[1, 1, 16], levels)
        .weight("word_scale", &[1, 1], vec![1.0_f32])
        .weight("filter_weight", &[1, 1, 6, 1], vec![0.0_f32; 6])
        .weight("filter_bias", &[1, 6, 1], vec![0.0_f32; 6]);
    let mut weight = vec![0.0; 10];
    (weight[0], weight[3]) = (1.0, 1.0);
    let layers = [vec![features], linear(5, weight)].concat();
    file(Input::Text(input), layers)
}

fn described(bytes: &[u8]) -> String {
    let mut text = String::new();
    Runtime::open::<Any>(bytes)
        .unwrap()
        .describe_input(&mut text);
    text
}

#[test]
fn each_kind_describes_its_input() {
    assert_eq!(
        described(&table()),
        "The object's fields, all required:\n  length: 0 to 9 cm, trained on 1 to 2.5\n  pH: 0 to 9\n"
    );
    let grey = "The pixels, row by row from the top: an array of 6 whole numbers, or one of 2\n\
                arrays of 3. Each is from 0 to 255: ink.\n";
    assert_eq!(described(&image(1)), grey);
    assert!(described(&image(3)).ends_with("A pixel is 3 numbers, or an array of 3.\n"));
    assert_eq!(
        described(&text()),
        "A string, or an object with these fields, all strings and required:\n  title: the title\n  body: the body\n"
    );
}

#[test]
fn arrays_are_batches_but_for_one_image() {
    let of = |bytes: &[u8], json: &str| Runtime::open::<Any>(bytes).unwrap().is_batch(json);
    assert!(of(&table(), "[{}]") && !of(&table(), "{}"));
    assert!(of(&text(), "[\"a\"]") && !of(&text(), "\"a\""));
    assert!(!of(&image(1), "[1,2,3,4,5,6]") && !of(&image(1), "[[1,2,3],[4,5,6]]"));
    assert!(of(&image(1), "[[1,2,3,4,5,6]]") && of(&image(1), "[[[1,2,3],[4,5,6]]]"));
}

#[test]
fn only_texts_are_explained() {
    let explains = |bytes: &[u8]| Runtime::open::<Any>(bytes).unwrap().explains();
    assert!(explains(&text()) && !explains(&table()) && !explains(&image(1)));
}

/// The class, the words that weighed with their amounts, and how many words were not read.
type Answered = (usize, Vec<(String, f32)>, usize);

fn answer(json: &str) -> Result<Answered, InputError> {
    let bytes = text();
    let mut runtime = Runtime::open::<Any>(&bytes).unwrap();
    let answer = runtime.predict(json, true)?;
    let words = answer.explanation.unwrap().into_iter();
    let words = words.map(|word| (word.part, word.weight)).collect();
    let Prediction::Class { index, .. } = answer.prediction else {
        unreachable!("a classifier");
    };
    Ok((index, words, answer.remarks.unread))
}

#[test]
fn a_text_is_answered_with_the_words_that_weighed() {
    let (class, words, unread) = answer("\"a good day\"").unwrap();
    assert_eq!((class, unread), (0, 0));
    // Scores of 6 and 0; without the word 0 and 0: the logarithm of the odds falls by 6.
    assert_eq!(words.len(), 1);
    assert_eq!(words[0].0, "good");
    assert!((words[0].1 - 6.0).abs() < 1e-4, "{words:?}");
    let (class, words, _) = answer(r#"{"title": "so bad", "body": "good bad"}"#).unwrap();
    assert_eq!((class, words[0].0.as_str()), (1, "bad"));
    // A word against the answer is not among those for it.
    assert!(words.iter().all(|(word, _)| word != "good"));
}

#[test]
fn what_is_not_read_is_counted_and_what_is_not_known_refused() {
    assert_eq!(answer("\"good a b c d e\"").unwrap().2, 2);
    assert_eq!(answer("\"good a b c\"").unwrap().2, 0);
    // Known to the n-grams, to the words, to neither.
    assert!(answer("\"good\"").is_ok() && answer("\"odd\"").is_ok());
    assert!(matches!(answer("\"a b c\""), Err(InputError::Unknown)));
    assert!(matches!(
        answer("\"a b c d good\""),
        Err(InputError::Unknown)
    ));
}
