use super::*;
use crate::corpus::tests::corpus;
use crate::file;
use model::AlignedBytes;
use tabular::file::{Identity, check};
use tabular::measure;

/// The n-grams of a test.
pub const SHAPE: Shape = shape(true);

/// Goes on without a word.
struct Silent;

impl Watch for Silent {
    fn step(&self, _: &str, _: usize, _: usize) -> bool {
        true
    }

    fn check(&self) -> Result<(), TabularError> {
        Ok(())
    }
}

/// Texts whose words tell their class in nine of ten.
fn example(rows: usize, classes: &[&str]) -> Corpus {
    fastrand::seed(11);
    let words = [
        "gut",
        "schlecht",
        "très bon",
        "mauvais",
        "股市",
        "上涨了",
        "it's",
        "£5!!",
        "Ω",
        "word",
    ];
    let rows: Vec<(String, &str)> = (0..rows)
        .map(|row| {
            let class = if fastrand::u8(..10) == 0 {
                fastrand::usize(..classes.len())
            } else {
                row % classes.len()
            };
            let word = |_| words[(class * 3 + fastrand::usize(..5)) % words.len()];
            let text: Vec<&str> = (0..8).map(word).collect();
            (
                format!("{} {}", text.join(" "), row % 17),
                classes[row % classes.len()],
            )
        })
        .collect();
    let rows: Vec<(&str, &str)> = rows
        .iter()
        .map(|(text, class)| (text.as_str(), *class))
        .collect();
    corpus(&rows)
}

fn fitted(corpus: &Corpus, bytes: usize) -> (Fitted, Vec<u8>) {
    let fitted = fit(
        corpus,
        Wishes { bytes, seed: 42 },
        &Silent,
        &Journal::default(),
    )
    .unwrap();
    let identity = Identity {
        name: "toy".into(),
        training: model::Training::default(),
    };
    let bytes = file::bytes(&identity, corpus, &fitted, [].into()).unwrap();
    (fitted, bytes)
}

#[test]
fn the_module_answers_as_the_trainer_does() {
    for classes in [&["no", "yes"][..], &["a\n", "b\"", "ç"]] {
        let corpus = example(200, classes);
        let (fitted, bytes) = fitted(&corpus, 1 << 20);
        let aligned = AlignedBytes::new(&bytes);
        let (target, json) = (&corpus.table.target, |row| corpus.json(row));
        assert!(check(&aligned, target, &json, &fitted.checked).unwrap() < 1e-5);
        let answers = measure::answers(&aligned, corpus.rows(), &json, &[]).unwrap();
        let width = classes.len();
        let right = answers
            .chunks_exact(width)
            .zip(corpus.labels())
            .filter(|(p, label)| kernels::argmax(p) == *label);
        assert!(right.count() > 170);
        // Another text's answer is none of rounding.
        let mut other = fitted.checked.clone();
        other.rotate_right(width);
        assert!(check(&aligned, target, &json, &other).is_err());
        assert!(pack::pack(&bytes).is_ok());
    }
}

#[test]
fn the_same_texts_give_the_same_bytes_with_any_number_of_threads() {
    let corpus = example(120, &["a", "b", "c"]);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| fitted(&corpus, 4000).1)
    };
    assert_eq!(with(1), with(4));
}

#[test]
fn a_small_model_is_as_small_as_it_is_to_be() {
    let corpus = example(200, &["no", "yes"]);
    let (whole, _) = fitted(&corpus, 1 << 20);
    let (small, bytes) = fitted(&corpus, 600);
    assert_eq!((small.kept, whole.ngrams > 200), (100, true));
    assert!(bytes.len() < 600 + 4000);
    assert!(
        small.small_loss < whole.small_loss + 0.1,
        "{} {}",
        small.small_loss,
        whole.small_loss
    );
    // All n-grams and weights of 64 bits are hardly better on folds.
    assert!((whole.small_loss - whole.chosen.loss).abs() < 0.02);
}

#[test]
fn folds_do_not_see_the_class_of_a_text() {
    let corpus = example(60, &["a", "b"]);
    let scores = |corpus: &Corpus| {
        let job = Job::new(
            corpus,
            Wishes {
                bytes: 1 << 20,
                seed: 1,
            },
            1024,
        );
        let bags = job.bags(SHAPE);
        (job.scores(&bags, &[1.0])[0].clone(), job.folds)
    };
    let (before, folds) = scores(&corpus);
    let job = Job::new(
        &corpus,
        Wishes {
            bytes: 1 << 20,
            seed: 1,
        },
        1024,
    );
    let mut changed = Job::new(
        &corpus,
        Wishes {
            bytes: 1 << 20,
            seed: 1,
        },
        1024,
    );
    changed.labels[7] = 1 - changed.labels[7];
    assert_eq!(job.folds, folds);
    let after = &changed.scores(&changed.bags(SHAPE), &[1.0])[0];
    assert_eq!(before[14..16], after[14..16]);
    assert_ne!(&before, after);
}

#[test]
fn hostile_texts_are_no_trouble() {
    let long = "word salad ".repeat(100_000);
    let mut rows = vec![
        (long.as_str(), "b"),
        ("\u{0}\u{feff}", "a"),
        ("!", "b"),
        ("e\u{301}\u{200d}🏳️‍🌈", "a"),
    ];
    rows.extend([("one more", "a"), ("word", "b")].repeat(6));
    let corpus = corpus(&rows);
    let (fitted, bytes) = fitted(&corpus, 1 << 20);
    assert_eq!(fitted.places, 65_536);
    let answers = measure::answers(
        &AlignedBytes::new(&bytes),
        corpus.rows(),
        &|row| corpus.json(row),
        &[0.5, 0.5],
    )
    .unwrap();
    assert!(answers.iter().all(|p| (0.0..=1.0).contains(p)));
}

#[test]
fn texts_without_a_common_ngram_still_make_a_model() {
    let corpus = corpus(&[
        ("aa", "x"),
        ("bb", "y"),
        ("cc", "x"),
        ("dd", "y"),
        ("ee", "x"),
        ("ff", "y"),
    ]);
    let (fitted, bytes) = fitted(&corpus, 1 << 20);
    let answers = measure::answers(
        &AlignedBytes::new(&bytes),
        corpus.rows(),
        &|row| corpus.json(row),
        &[0.5, 0.5],
    )
    .unwrap();
    assert!(
        answers.iter().all(|p| (p - 0.5).abs() < 0.2),
        "{answers:?} {}",
        fitted.kept
    );
}

#[test]
fn words_that_speak_for_a_class_are_named() {
    let rows = [
        ("GOOD film, so good", "x"),
        ("bad film!", "y"),
        ("a good book", "x"),
        ("a bad day", "y"),
    ]
    .repeat(5);
    let (fitted, _) = fitted(&corpus(&rows), 1 << 20);
    assert_eq!(fitted.words.len(), 2);
    assert_eq!(
        (fitted.words[0][0].as_str(), fitted.words[1][0].as_str()),
        ("good", "bad"),
        "{:?}",
        fitted.words
    );
    assert!(
        fitted.words[0].contains(&"good film".to_owned()),
        "{:?}",
        fitted.words
    );
}
