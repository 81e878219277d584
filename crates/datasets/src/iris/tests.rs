//! Files of flowers in every form, and what is refused.

use super::*;

const HEADER: &str = "Id,SepalLengthCm,SepalWidthCm,PetalLengthCm,PetalWidthCm,Species\n";

#[test]
fn the_embedded_data_is_fishers() {
    let flowers = Flowers::load(None).unwrap();
    assert_eq!(flowers.measurements.len(), 150);
    for label in 0..3 {
        assert_eq!(flowers.labels.iter().filter(|l| **l == label).count(), 50);
    }
    assert_eq!(flowers.measurements[0], [5.1, 3.5, 1.4, 0.2]);
    assert_eq!(flowers.measurements[149], [5.9, 3.0, 5.1, 1.8]);
    // Fisher's table of means, times 50: 292.2 for the petals of Iris setosa's neighbours.
    let mean = |column: usize| -> f32 {
        flowers.measurements.iter().map(|m| m[column]).sum::<f32>() / 150.0
    };
    for (column, expected) in [5.843_333, 3.054, 3.758_667, 1.198_667].iter().enumerate() {
        assert!((mean(column) - expected).abs() < 1e-4, "column {column}");
    }
}

#[test]
fn bad_files_are_refused_with_the_line() {
    for (rows, message) in [
        (
            "1,5.1,3.5,1.4,0.2,Iris-rosa\n",
            "`flowers.csv`, line 2: unknown species `Iris-rosa`; expected one of Iris-setosa, Iris-versicolor, Iris-virginica",
        ),
        (
            "1,5.1,3.5,1.4,0.2,Iris-setosa\n2,51,3.5,1.4,0.2,Iris-setosa\n",
            "`flowers.csv`, line 3: sepal_length is `51`; expected a number from 0.1 to 20 cm",
        ),
        (
            "1,5.1,3.5,1.4,0.2,Iris-setosa\n\n2,51,3.5,1.4,0.2,Iris-setosa\n",
            "`flowers.csv`, line 4: sepal_length is `51`; expected a number from 0.1 to 20 cm",
        ),
        (
            "1,NaN,3.5,1.4,0.2,Iris-setosa\n",
            "`flowers.csv`, line 2: sepal_length is `NaN`; expected a number from 0.1 to 20 cm",
        ),
        (
            "1,5.1,3.5,1.4,0.2,Iris-setosa\n",
            "`flowers.csv`: 1 rows of Iris-setosa; expected at least 10 of each species",
        ),
    ] {
        let text = HEADER.to_string() + rows;
        let error = Flowers::parse(Path::new("flowers.csv"), text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    for (text, part) in [
        (
            HEADER.to_string() + "1,x,3.5,1.4,0.2,Iris-setosa\n",
            "line 2: sepal_length is `x`; expected a number",
        ),
        (
            HEADER.to_string() + "1,5.1,3.5\n",
            "line 2: 3 fields; expected 6",
        ),
        (
            "a,b\n1,2\n".to_string(),
            "line 1: the column sepal_length is missing",
        ),
        (String::new(), "is empty"),
    ] {
        let error = Flowers::parse(Path::new("flowers.csv"), text.as_bytes()).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
}

/// The flowers of the data set, written by `row` from their measurements and label.
fn rewritten(header: &str, row: impl Fn(usize, [f32; 4], usize) -> String) -> String {
    let flowers = Flowers::load(None).unwrap();
    let rows = flowers.measurements.iter().zip(&flowers.labels).enumerate();
    let rows = rows.map(|(index, (m, label))| row(index, *m, *label) + "\n");
    header.to_owned() + &rows.collect::<String>()
}

#[test]
fn every_circulating_form_is_the_same_data() {
    let expected = Flowers::load(None).unwrap();
    let short = |label: usize| SPECIES[label].trim_start_matches("Iris-");
    for text in [
        rewritten("", |_, [a, b, c, d], l| {
            format!("{a},{b},{c},{d},{}", SPECIES[l])
        }),
        rewritten(
            "sepal_length,sepal_width,petal_length,petal_width,species\n",
            |_, [a, b, c, d], l| format!("{a},{b},{c},{d},{}", short(l)),
        ),
        rewritten(
            "150,4,setosa,versicolor,virginica\n",
            |_, [a, b, c, d], l| format!("{a},{b},{c},{d},{l}"),
        ),
        rewritten(
            ",sepal length (cm),sepal width (cm),petal length (cm),petal width (cm),target\n",
            |i, [a, b, c, d], l| format!("{i},{a},{b},{c},{d},{l}.0"),
        ),
        rewritten(
            "\"Sepal.Length\" \"Sepal.Width\" \"Petal.Length\" \"Petal.Width\" \"Species\"\n",
            |i, [a, b, c, d], l| format!("\"{}\" {a} {b} {c} {d} \"{}\"", i + 1, short(l)),
        ),
        rewritten(
            "#Label\tSepal length\tSepal width\tPetal length\tPetal width\n",
            |_, [a, b, c, d], l| format!("{}\t{a}\t{b}\t{c}\t{d}", l + 1),
        ),
        rewritten(
            "Id;SepalLengthCm;SepalWidthCm;PetalLengthCm;PetalWidthCm;Species\n",
            |i, [a, b, c, d], l| format!("{i};{a};{b};{c};{d};{}", SPECIES[l]).replace('.', ","),
        ),
    ] {
        let flowers = Flowers::parse(Path::new("flowers.csv"), text.as_bytes()).unwrap();
        assert!(
            flowers.measurements == expected.measurements,
            "{}",
            &text[..90]
        );
        assert!(flowers.labels == expected.labels, "{}", &text[..90]);
        assert!(flowers.notes.is_empty());
    }
}

#[test]
fn columns_that_cannot_be_are_noted() {
    let text = rewritten(HEADER, |i, [a, b, c, d], l| {
        format!("{i},{b},{c},{d},{a},{}", SPECIES[l])
    });
    let header = HEADER.replace("PetalLengthCm,PetalWidthCm", "PetalWidthCm,PetalLengthCm");
    let text = text.replace(HEADER, &header);
    let flowers = Flowers::parse(Path::new("flowers.csv"), text.as_bytes()).unwrap();
    assert!(
        flowers.notes[0].contains("right order"),
        "{:?}",
        flowers.notes
    );
}
