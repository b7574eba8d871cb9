//! Indices: tables by year, or a yearly rise, that prices are multiplied by.

use std::collections::BTreeMap;

use super::{checked_name, tables};
use crate::contract::index::{Index, IndexError};
use crate::scenario::diagnose::Findings;
use crate::scenario::name::Name;
use crate::scenario::read::{Fields, year_key};
use crate::scenario::words;

/// The indices of a file by name; one with an error, which is among the findings, is `None`.
pub(super) type Indexes = BTreeMap<Name, Option<Index>>;

/// All indices of a file.
pub(super) fn indexes(top: &Fields<'_>, findings: &mut Findings) -> Indexes {
    let mut found = BTreeMap::new();
    for (text, fields) in tables(top, "index", &words::INDEX, findings) {
        let index = index(&fields, findings);
        if let Some(name) = checked_name(&fields, text, findings) {
            found.insert(name, index);
        }
    }
    found
}

fn index(fields: &Fields<'_>, findings: &mut Findings) -> Option<Index> {
    let example = "years = { 2026 = 1.0, 2027 = 1.025 }";
    let Some((word, field)) = fields.one_of(&["years", "yearly"], findings) else {
        let help = format!("write `{example}`, or `yearly = 0.02` with `from = 2026`");
        fields.lacks(findings, "has no numbers", help);
        return None;
    };
    let from = fields.get("from");
    let built: Result<Index, IndexError> = if word == "years" {
        if let Some(from) = from {
            from.error(findings, "belongs to `yearly`", "`years` names each year itself: leave `from` out");
            return None;
        }
        let years = field.entries(example, findings)?.into_iter().map(|(span, key, value)| {
            let year = year_key(key, &span, &field.what, findings);
            Some((year?, value.fraction(findings)?))
        });
        let years: Vec<_> = years.collect();
        Index::by_years(years.into_iter().collect::<Option<_>>()?)
    } else {
        let from = fields.need("from", "from = 2026", findings).and_then(|from| from.year(findings));
        let rate = field.fraction(findings);
        Index::yearly(rate?, from?)
    };
    built
        .map_err(|error| {
            let help =
                "the first year is usually 1.0; two per cent more is 1.02 in `years` and 0.02 as `yearly`";
            field.error(findings, format_args!("will not do: {error}"), help);
        })
        .ok()
}
