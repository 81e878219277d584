//! Any bytes as a file of news: refused with a line that there is, or articles that are the same
//! when they are written and read again.

#![no_main]

use std::path::Path;

use datasets::DataError;
use datasets::news::{self, Article, CLASSES};
use libfuzzer_sys::fuzz_target;

fn written(articles: &[Article]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(Vec::new());
    for article in articles {
        let number = (article.class + 1).to_string();
        writer
            .write_record([&number, &article.title, &article.description])
            .expect("rows have three columns, and memory does not fail");
    }
    writer.into_inner().expect("memory does not fail")
}

fuzz_target!(|data: &[u8]| {
    let path = Path::new("news.csv");
    match news::read(path, data) {
        Ok(articles) => {
            assert!(!articles.is_empty());
            for article in &articles {
                assert!(article.class < CLASSES.len());
                let text = article.title.clone() + &article.description;
                assert!(!text.trim().is_empty());
            }
            let again = news::read(path, &written(&articles));
            assert_eq!(again.expect("what was read can be read again"), articles);
        }
        Err(DataError::BadData {
            path: named,
            line,
            problem,
        }) => {
            assert_eq!(named, path);
            let lines = 1 + data.iter().filter(|byte| **byte == b'\n').count() as u64;
            assert!(line.is_none_or(|line| (1..=lines).contains(&line)));
            // Of what is in the file, a message has a few words at most.
            assert!(problem.len() < 500 && !problem.contains(char::is_control));
        }
        Err(error) => unreachable!("{error:?}"),
    }
});
