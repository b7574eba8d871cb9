//! Parties: who pays, invests or gives, and how they book it.

use std::collections::BTreeMap;

use super::{checked_id, known, tables};
use crate::contract::schedule::YearStart;
use crate::scenario::choices;
use crate::scenario::diagnose::Findings;
use crate::scenario::model::{Booked, Party};
use crate::scenario::name::Id;
use crate::scenario::read::{Field, Fields};
use crate::scenario::words;

pub(super) fn parties(top: &Fields<'_>, findings: &mut Findings) -> BTreeMap<Id, Party> {
    let mut parties = BTreeMap::new();
    for (id, fields) in tables(top, "party", &words::PARTY, findings) {
        let party = Party {
            name: fields.get("name").and_then(|name| name.text(findings)).unwrap_or(id).to_owned(),
            year_start: year_start(&fields, findings),
            booked: booked(&fields, findings),
        };
        if let Some(id) = checked_id(&fields, id, findings) {
            parties.insert(id, party);
        }
    }
    parties
}

fn year_start(fields: &Fields<'_>, findings: &mut Findings) -> YearStart {
    let Some(field) = fields.get("budget_year") else { return YearStart::default() };
    let Some(text) = field.text(findings) else { return YearStart::default() };
    YearStart::parse(text).unwrap_or_else(|| {
        field.error(
            findings,
            format_args!("is no first day of a year: \"{text}\""),
            "write month and day, `\"04-01\"`",
        );
        YearStart::default()
    })
}

fn booked(fields: &Fields<'_>, findings: &mut Findings) -> Booked {
    fields.get("booked").and_then(|field| field.word(&choices::BOOKED, findings)).unwrap_or(Booked::Due)
}

/// Reads the id of a party that exists.
pub(super) fn party(field: &Field<'_>, parties: &BTreeMap<Id, Party>, findings: &mut Findings) -> Option<Id> {
    let text = field.text(findings)?;
    known((&field.what, field.span()), text, "party", parties.keys().map(|id| (id.as_str(), id)), findings)
        .cloned()
}
