//! Tables in every form, and what is refused.

use super::*;

fn read(text: &str) -> Result<TextTable, DataError> {
    let known = |name: &str| ["length", "colour"].contains(&name);
    TextTable::read(Path::new("a.csv"), text.as_bytes(), known)
}

#[test]
fn every_form_is_the_same_table() {
    for text in [
        "length,colour\n1.5,red\n2,blue\n",
        "Length (cm);Colour\r\n1.5;red\r\n\r\n2;blue",
        "\u{feff}#length\tcolour\n1.5\tred\n2\tblue\n",
        "length;colour\n1,5;red\n2,0;blue\n",
        "sep=;\nlength;colour\n1,5;red\n2;blue\n",
        "\"length\" \"colour\"\n1.5 \"red\"\n2 \"blue\"\n",
        "length,colour\r1.5,red\r2,blue\r",
        "1.5,red\n2,blue\n",
        "LengthCm , colour \n 1.5, red\n 2 ,blue \n",
    ] {
        let table = read(text).unwrap();
        let length = table.column(&["length"]).unwrap().unwrap_or(0);
        let numbers = table
            .rows
            .iter()
            .map(|row| table.number(&row.cells[length]));
        assert!(numbers.eq([Some(1.5), Some(2.0)]), "{text}");
        assert_eq!(table.rows[1].cells[1], "blue", "{text}");
        assert_eq!(table.unknown_column(&[0, 1]), None);
    }
}

#[test]
fn numberings_are_no_columns_of_the_data() {
    for text in [
        "\"\",\"length\",\"colour\"\n\"1\",1.5,\"red\"\n",
        "length,colour\n1,1.5,red\n",
        "Unnamed: 0,length,colour\n0,1.5,red\n",
        "length,colour,Id\n1.5,red,1\n",
    ] {
        let table = read(text).unwrap();
        let columns = [["length"], ["colour"]].map(|name| table.column(&name).unwrap().unwrap());
        assert_eq!(table.rows[0].cells[columns[0]], "1.5");
        assert_eq!(table.unknown_column(&columns), None, "{text}");
        assert_eq!(table.unknown_column(&columns[..1]), Some("colour"));
    }
}

#[test]
fn what_is_no_table_is_refused() {
    for (text, problem) in [
        ("", "`a.csv`: is empty"),
        ("\n \n", "`a.csv`: is empty"),
        ("<!DOCTYPE html>\n", "`a.csv`: is a web page"),
        ("@RELATION iris\n", "`a.csv`: is an ARFF file"),
        (
            "length,colour\n<<<<<<< HEAD\n1,red\n",
            "`a.csv`, line 2: a conflict",
        ),
        (
            "length,colour\n1,red\n\n1\n",
            "`a.csv`, line 4: 1 fields; expected 2",
        ),
        ("length,length\n1,2\n", ""),
    ] {
        let error = read(text).map(|table| table.column(&["length"]));
        let error = match error {
            Err(error) | Ok(Err(error)) => error.to_string(),
            Ok(Ok(_)) => unreachable!("{text}"),
        };
        assert!(error.starts_with(problem), "{error}");
    }
    let utf16: Vec<u8> = "length".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let error = TextTable::read(Path::new("a.csv"), &utf16, |_| true).unwrap_err();
    assert!(error.to_string().contains("UTF-16"));
}
