use super::*;
use crate::corpus::tests::corpus;

const WORDS: Shape = Shape {
    words: 1,
    shortest: 2,
    longest: 0,
    across: false,
};

fn bags(texts: &[&str], most: usize) -> Bags {
    let rows: Vec<(&str, &str)> = texts
        .iter()
        .zip(["a", "b"].iter().cycle())
        .map(|(text, class)| (*text, *class))
        .collect();
    Bags::new(&corpus(&rows), WORDS, 1024, most)
}

#[test]
fn words_of_two_texts_and_more_are_counted() {
    let found = bags(
        &["red red blue", "red green", "blue red", "grey"],
        usize::MAX,
    );
    let rows = [0, 1, 2, 3];
    let mut counts = found.texts_with(&rows);
    counts.sort_unstable();
    assert_eq!(counts, [2, 3]);
    let matrix = found.matrix(&found.known_in(&rows));
    assert_eq!(matrix.width, 2);
    for row in 0..3 {
        let (_, values) = matrix.row(row);
        let length: f32 = values.iter().map(|value| value * value).sum();
        assert!((length - 1.0).abs() < 1e-6);
    }
    assert!(matrix.row(3).0.is_empty());
    // A word that is there twice counts 1 + ln 2 times as much.
    let (first, third) = (matrix.row(0), matrix.row(2));
    let red = found
        .texts_with(&rows)
        .iter()
        .position(|texts| *texts == 3)
        .unwrap();
    let ratio = |row: (&[u32], &[f32])| row.1[red] / row.1[1 - red];
    assert!((ratio(first) / ratio(third) - (1.0 + 2.0_f32.ln())).abs() < 1e-5);
}

#[test]
fn a_rare_word_counts_more() {
    let found = bags(&["a b", "a b", "a", "a"], usize::MAX);
    let of = |texts: u32| {
        let place = found
            .texts_with(&[0, 1, 2, 3])
            .iter()
            .position(|count| *count == texts)
            .unwrap();
        found.rarity[place]
    };
    // 127 · (ln 5/5 + 1) / (ln 5/3 + 1)
    assert_eq!((of(2), of(4)), (127, 84));
}

#[test]
fn of_too_many_the_most_frequent_are_kept() {
    let found = bags(&["a b c", "a b", "a c", "a"], 1);
    assert_eq!(found.texts_with(&[0, 1, 2, 3]), [4]);
}

#[test]
fn what_only_one_text_of_a_fold_has_is_left_out() {
    let found = bags(&["a b", "a", "b", "a"], usize::MAX);
    let columns = found.known_in(&[0, 1]);
    assert_eq!(
        columns.iter().filter(|column| **column == LEFT_OUT).count(),
        1
    );
    let matrix = found.matrix(&columns);
    assert_eq!(
        (matrix.width, matrix.row(0).1, matrix.row(2).1.len()),
        (1, &[1.0][..], 0)
    );
}

#[test]
fn counts_are_merged_in_order() {
    let second = [(2, 1), (3, 1), (9, 5)];
    let found = merged(&[(1, 1), (3, 2)], second.into_iter());
    assert_eq!(found, [(1, 1), (2, 1), (3, 3), (9, 5)]);
    assert_eq!(merged(&[], second.into_iter()), second);
    assert_eq!(merged(&second, std::iter::empty()), second);
}
