//! Ids under which a contract, its parties, funds and terms are known elsewhere, such as in public data sets.

use std::collections::BTreeMap;

use crate::scenario::diagnose::Findings;
use crate::scenario::name::Name;
use crate::scenario::raw::{Item, Table, Value};
use crate::scenario::read::Field;

/// The tables whose members may be known elsewhere.
const KINDS: [&str; 3] = ["party", "fund", "term"];

/// Every id by its path, such as `ids.indigo` or `party.town.ids.indigo`, ascending.
pub(super) fn ids(tree: &Table, findings: &mut Findings) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if let Some(item) = tree.item("ids") {
        read(item, "", findings, &mut found);
    }
    for kind in KINDS {
        let Some(Value::Table(members)) = tree.item(kind).map(|item| &item.value) else { continue };
        for (member, entry) in members.iter() {
            if let Value::Table(table) = &entry.item.value
                && let Some(item) = table.item("ids")
            {
                read(item, &format!("{kind}.{member}."), findings, &mut found);
            }
        }
    }
    found
}

fn read(item: &Item, path: &str, findings: &mut Findings, found: &mut BTreeMap<String, String>) {
    let example = "ids = { indigo = \"INDIGO-POJ-0178\" }";
    let table = Field { item, what: format!("`{path}ids`") };
    for (_, register, field) in table.entries(example, findings).unwrap_or_default() {
        let Some(text) = field.text(findings) else { continue };
        if let Err(error) = Name::new(register) {
            field.error(findings, format_args!("is in no register: {error}"), error.help());
        } else if text.trim() != text || text.is_empty() {
            field.error(findings, "is empty or has spaces around it", "write the id alone, or leave it out");
        } else if path.is_empty() && register == "indigo" && !is_project(text) {
            let help = "the contract is a project: `INDIGO-POJ-` and four digits, as in `INDIGO-POJ-0178`";
            field.error(findings, format_args!("is no project of INDIGO: `{text}`"), help);
        } else {
            found.insert(format!("{path}ids.{register}"), text.to_owned());
        }
    }
}

/// Projects are numbered; other things of INDIGO (metrics, organisations) have ids of several forms.
fn is_project(text: &str) -> bool {
    let number = text.strip_prefix("INDIGO-POJ-");
    number.is_some_and(|number| number.len() >= 4 && number.bytes().all(|byte| byte.is_ascii_digit()))
}
