//! Articles in every form, and what is refused.

use super::*;

fn parse(text: &str) -> Result<Vec<Article>, DataError> {
    read(Path::new("news.csv"), text.as_bytes())
}

fn refusal(text: &str) -> String {
    let error = parse(text).unwrap_err();
    error.to_string()
}

#[test]
fn each_number_is_its_class() {
    let text = "\"1\",\"Talks on border resume\",\"GENEVA - Envoys of both countries met.\"\n\
                \"2\",\"Late goal decides the derby\",\"The striker scored in extra time.\"\n\
                \"3\",\"Oil falls as stocks rise\",\"NEW YORK - Crude lost a dollar.\"\n\
                \"4\",\"Probe sends first pictures\",\"The craft reached its orbit.\"\n";
    let articles = parse(text).unwrap();
    let classes = articles.iter().map(|article| CLASSES[article.class]);
    assert!(classes.eq(["World", "Sports", "Business", "Sci/Tech"]));
    assert_eq!(articles[2].title, "Oil falls as stocks rise");
    assert_eq!(articles[3].description, "The craft reached its orbit.");
}

#[test]
fn quotes_are_doubled_and_backslashes_are_characters() {
    let articles = parse("\"4\",\"C:\\\",\"a \\ b, \"\"c\"\" \\\"\"\"\n2,d,e\r\n").unwrap();
    let expected = [(3, "C:\\", "a \\ b, \"c\" \\\""), (1, "d", "e")];
    assert_eq!(articles.len(), expected.len());
    for (article, (class, title, description)) in articles.iter().zip(expected) {
        assert_eq!(article.class, class);
        assert_eq!(article.title, title);
        assert_eq!(article.description, description);
    }
}

#[test]
fn headers_and_blank_lines_are_passed_over() {
    let rows = "\"1\",\"a\",\"b\"\n\"2\",\"\",\"c\nd\"\n";
    let expected = parse(rows).unwrap();
    for header in [
        "Class Index,Title,Description\n",
        "\"label\",\"title\",\"text\"\r\n\r\n",
        "\u{feff}class,title,description\n\n",
        "\n\n",
    ] {
        assert_eq!(parse(&(header.to_string() + rows)).unwrap(), expected);
    }
}

#[test]
fn every_circulating_form_is_the_same_articles() {
    let rows = [
        (0, "Talks", "Envoys met."),
        (1, "Goal", "A, b."),
        (2, "Oil", "It fell."),
        (3, "Probe", "Orbit."),
    ];
    let written = |header: &str, row: &dyn Fn((usize, &str, &str)) -> String| {
        header.to_owned()
            + &rows
                .map(|(class, title, text)| row((class, title, text)) + "\n")
                .concat()
    };
    let expected = parse(&written("", &|(c, t, d)| {
        format!("{},\"{t}\",\"{d}\"", c + 1)
    }))
    .unwrap();
    for text in [
        written("Title,Description,Class Index\n", &|(c, t, d)| {
            format!("{t},\"{d}\",{}", c + 1)
        }),
        written(",Class Index,Title,Description\n", &|(c, t, d)| {
            format!("7,{},{t},\"{d}\"", c + 1)
        }),
        written("", &|(c, t, d)| format!("{c},{t},\"{d}\"")),
        written("label,title,text\n", &|(c, t, d)| {
            format!("{},{t},\"{d}\"", CLASSES[c])
        }),
        written("", &|(c, t, d)| format!("{}\t{t}\t{d}", c + 1)),
        written("", &|(c, t, d)| {
            format!("{{\"text\": \"{d}\", \"title\": \"{t}\", \"label\": {c}}}")
        }),
    ] {
        assert_eq!(parse(&text).unwrap(), expected, "{text}");
    }
    let of_one_text = |articles: Vec<Article>| {
        articles
            .into_iter()
            .map(|article| (article.class, article.title, article.description))
            .collect::<Vec<_>>()
    };
    let expected = rows.map(|(class, _, text)| (class, String::new(), text.to_owned()));
    for text in [
        written("label,text\n", &|(c, _, d)| format!("{c},\"{d}\"")),
        written("", &|(c, _, d)| format!("\"{}\",\"{d}\"", c + 1)),
        written("", &|(c, _, d)| format!("__label__{} , {d}", c + 1)),
    ] {
        assert_eq!(of_one_text(parse(&text).unwrap()), expected, "{text}");
    }
}

#[test]
fn bad_rows_are_refused_with_the_line() {
    let classes = "expected 1 World, 2 Sports, 3 Business, 4 Sci/Tech";
    let good = "\"1\",\"a\",\"b\"\n";
    for (text, problem) in [
        (
            good.to_string() + "\"0\",\"a\",\"b\"\n4,a,b\n",
            format!("line 3: unknown class `4`; {classes}"),
        ),
        (
            good.to_string() + "\"5\",\"a\",\"b\"\n",
            format!("line 2: unknown class `5`; {classes}"),
        ),
        (
            good.replace('\n', "\r\n") + "\r\n\n1.0,a,b",
            format!("line 4: unknown class `1.0`; {classes}"),
        ),
        (
            "3,\"a\nb\",c\n".to_string() + "-1,\"a\nb\",c\n",
            format!("line 3: unknown class `-1`; {classes}"),
        ),
        (
            good.to_string() + "class,title,description\n",
            format!("line 2: unknown class `class`; {classes}"),
        ),
        (
            good.to_string() + "\"1\",\"a\"\n",
            "line 2: 2 columns; expected 3: a class, a title and a description".to_string(),
        ),
        (
            "1,2,3,4\n".to_string(),
            "line 1: 4 columns; expected 3: a class, a title and a description".to_string(),
        ),
        ("<!DOCTYPE html>\n".to_string(), String::new()),
        ("{\"label\": 1\n".to_string(), String::new()),
        (
            "__label__1 a\nb\n".to_string(),
            "line 2: expected a line that begins with __label__".to_string(),
        ),
        (
            good.to_string() + "\"1\",\" \",\"\"\n",
            "line 2: no text; expected a title or a description".to_string(),
        ),
        (
            good.to_string() + "\"1\",\"a,b\n" + &good.repeat(12_000).replace('"', ""),
            "line 2: a row of 72005 bytes; expected at most 65536; is a quote missing?".to_string(),
        ),
    ] {
        match problem.is_empty() {
            true => assert!(!refusal(&text).is_empty()),
            false => assert_eq!(refusal(&text), format!("`news.csv`, {problem}")),
        }
    }
}

#[test]
fn files_without_articles_are_refused() {
    for text in ["", "\n\r\n", "class,title,description\n"] {
        assert_eq!(
            refusal(text),
            "`news.csv`: no articles; expected rows of a class, a title and a description"
        );
    }
}

#[test]
fn other_encodings_are_refused() {
    let latin = b"\"1\",\"a\",\"b\"\n\n\"2\",\"caf\xe9\",\"b\"\n";
    let error = read(Path::new("news.csv"), latin).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`news.csv`, line 3: is not UTF-8; if it is of Windows, `iconv -f WINDOWS-1252 -t UTF-8` converts it"
    );
}
