//! `schema` prints a JSON Schema by which the shipped scenarios are valid.

use super::{SMALL, stdout, udfald};

fn printed() -> serde_json::Value {
    serde_json::from_str(&stdout(&udfald(["schema"]).assert().code(0))).unwrap()
}

#[test]
fn what_is_printed_is_the_schema_of_draft_7() {
    let schema = printed();
    assert_eq!(schema, udfald::scenario::schema::schema());
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    assert_eq!(
        schema["properties"]["limit"]["additionalProperties"]["properties"]["per"]["enum"][0],
        "person"
    );
}

#[test]
fn the_line_that_names_it_is_a_comment() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("small.toml");
    let small = std::fs::read_to_string(SMALL).unwrap();
    std::fs::write(&file, format!("#:schema ./udfald.schema.json\n{small}")).unwrap();
    udfald(["check", super::text(&file)]).assert().code(0);
}
