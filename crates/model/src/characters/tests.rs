use super::*;
use crate::tokenizer::Splitter;
use crate::{Text, TextPart, Tokenizer};
use alloc::string::String;
use alloc::vec;

const ALL: Shape = Shape {
    words: 2,
    shortest: 1,
    longest: 3,
    across: false,
};

fn characters(text: &str) -> Vec<u32> {
    let mut all = vec![];
    Tokenizer::Characters.tokens(text, &mut |token| all.push(token));
    all
}

fn list(text: &str, shape: Shape) -> Vec<u32> {
    let mut all = vec![];
    ngrams(&characters(text), shape, |ngram| all.push(ngram));
    all
}

/// The hash of a run of characters.
fn hashed(text: &str) -> u32 {
    mix(characters(text).into_iter().fold(OFFSET, step))
}

/// The format rests on these numbers.
#[test]
fn golden_ngrams() {
    for (text, expected) in [
        ("a", 0x1a80_b1b3),
        ("goal", 0xc00e_295e),
        ("straße", 0xa37e_5a5c),
        ("股", 0xc59b_6a8a),
        ("!", 0x5ec7_cf21),
    ] {
        let word = list(text, Shape { longest: 0, ..ALL });
        assert_eq!(word, [hashed(text) | WORD]);
        assert_eq!(hashed(text), expected, "{text} {:#x}", hashed(text));
    }
    let pair = list("a b", Shape { longest: 0, ..ALL })[2];
    assert_eq!(pair, 0x9862_9658, "{pair:#x}");
}

#[test]
fn words_are_runs_of_letters_and_digits_or_single_signs() {
    let words = |text: &str| {
        list(
            text,
            Shape {
                words: 1,
                longest: 0,
                ..ALL
            },
        )
    };
    let expected = |all: &[&str]| {
        all.iter()
            .map(|word| hashed(word) | WORD)
            .collect::<Vec<_>>()
    };
    for (text, all) in [
        ("Don't  STOP2!!", &["don", "'", "t", "stop2", "!", "!"][..]),
        ("股市 上a", &["股", "市", "上", "a"]),
        ("привет, мир", &["привет", ",", "мир"]),
        ("안녕 세상", &["안녕", "세상"]),
        (" \n\t ", &[]),
    ] {
        assert_eq!(words(text), expected(all), "{text}");
    }
}

#[test]
fn pairs_go_across_spaces_and_not_across_a_hole() {
    let pairs = Shape { longest: 0, ..ALL };
    let [a, b] = ["a", "b"].map(|word| hashed(word) | WORD);
    assert_eq!(list("a  b", pairs), [a, b, pair(a, b)]);
    assert_ne!(pair(a, b), pair(b, a));
    let mut found = vec![];
    ngrams(&[97, HOLE, 98], pairs, |ngram| found.push(ngram));
    assert_eq!(found, [a, b]);
}

#[test]
fn characters_have_a_space_on_each_side() {
    let two = Shape {
        words: 0,
        shortest: 2,
        longest: 2,
        across: false,
    };
    let expected = |all: &[&str]| {
        all.iter()
            .map(|gram| hashed(gram) & !WORD)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        list(" ab\n C ", two),
        expected(&[" a", "ab", "b ", " c", "c "])
    );
    let across = Shape {
        across: true,
        longest: 3,
        ..two
    };
    let grams = [" a", " ab", "ab", "ab ", "b ", "b c", " c", " c ", "c "];
    assert_eq!(list("ab  c", across), expected(&grams));
    assert!(list("", across).is_empty() && list("  ", two).is_empty());
}

#[test]
fn pieces_are_the_text() {
    for text in ["Don't  STOP2!!", "股市\u{0}上涨", "e\u{301}\u{1f600}\n", ""] {
        let mut pieces: Vec<String> = vec![];
        Tokenizer::Characters.split(text, &mut pieces);
        assert_eq!(pieces.concat(), text);
    }
    let mut pieces = vec![];
    Tokenizer::Characters.split("one two", &mut pieces);
    Tokenizer::Characters.split("three", &mut pieces);
    assert_eq!(pieces, ["one", " ", "two", " ", "three"]);
}

#[test]
fn words_beyond_the_last_place_are_counted() {
    let part = TextPart {
        name: "text".into(),
        description: String::new(),
    };
    let text = Text {
        parts: vec![part],
        max_tokens: 4,
        tokenizer: Tokenizer::Characters,
    };
    let mut numbers = [f32::NAN; 4];
    let words = ["AB", "", "cd"].map(String::from);
    assert_eq!(text.fill(Splitter::CHARACTERS, &words, &mut numbers), 2);
    assert_eq!(numbers, [98.0, 99.0, 1.0, 100.0]);
    assert_eq!(
        text.fill(Splitter::CHARACTERS, &words[..2], &mut numbers),
        2
    );
    assert_eq!(numbers, [98.0, 99.0, 1.0, 0.0]);
}
