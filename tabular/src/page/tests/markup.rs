//! A checker of markup, stricter than browsers.

/// Elements without content or end tag in HTML.
const VOID: [&str; 3] = ["meta", "br", "img"];
/// Attributes that the page may have.
const ATTRIBUTES: [&str; 27] = [
    "alt",
    "aria-hidden",
    "aria-label",
    "charset",
    "class",
    "content",
    "cx",
    "cy",
    "d",
    "height",
    "href",
    "http-equiv",
    "id",
    "lang",
    "name",
    "r",
    "role",
    "scope",
    "src",
    "tabindex",
    "text-anchor",
    "title",
    "transform",
    "viewBox",
    "width",
    "x",
    "y",
];
/// Checks that `page` is well-formed, and gives its text without tags and style sheet.
pub fn text_of(page: &str) -> String {
    let mut rest = page
        .strip_prefix("<!DOCTYPE html>")
        .expect("a document type");
    let (mut open, mut text) = (Vec::new(), String::new());
    while let Some(start) = rest.find('<') {
        assert!(
            !rest[..start].contains('>'),
            "a bare > in {}",
            &rest[..start]
        );
        text += &rest[..start];
        let end = start + rest[start..].find('>').expect("the end of a tag");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        let is_empty = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let name = tag.split(' ').next().unwrap_or_default();
        assert!(
            name.chars().all(|c| c.is_ascii_alphanumeric()),
            "the element {name}"
        );
        assert_ne!(name, "script");
        attributes(&tag[name.len()..]);
        let is_shape = open.contains(&"svg");
        assert!(!is_empty || is_shape || VOID.contains(&name), "<{name}/>");
        if name == "style" {
            rest = &rest[rest.find("</style>").expect("the end of the style sheet")..];
        }
        if !is_empty {
            open.push(name);
        }
    }
    assert_eq!(open, [""; 0]);
    text + rest
}

fn attributes(mut rest: &str) {
    while let Some(text) = rest.strip_prefix(' ') {
        let (name, value) = text.split_once("=\"").expect("a value");
        assert!(ATTRIBUTES.contains(&name), "the attribute {name}");
        rest = &value[value.find('"').expect("the end of a value") + 1..];
    }
    assert_eq!(rest, "");
}
