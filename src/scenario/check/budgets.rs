//! Budgets: what payers have appropriated, to compare with; never a limit.

use std::collections::BTreeMap;

use super::limits::by_year;
use super::tables;
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::{Budget, Party};
use crate::scenario::name::Id;
use crate::scenario::read::Fields;
use crate::scenario::suggest;
use crate::scenario::words;

pub(super) fn budgets(
    top: &Fields<'_>,
    parties: &BTreeMap<Id, Party>,
    findings: &mut Findings,
) -> BTreeMap<Id, Budget> {
    let mut budgets = BTreeMap::new();
    for (text, fields) in tables(top, "budget", &words::BUDGET, findings) {
        let account = fields.get("account").and_then(|field| field.text(findings)).map(str::to_owned);
        let appropriation = fields.get("appropriation").and_then(|field| by_year(&field, findings));
        let budget = Budget { account, appropriation: appropriation.unwrap_or_default() };
        if let Some(id) = parties.keys().find(|id| id.as_str() == text) {
            budgets.insert(id.clone(), budget);
        } else {
            let title = format!("there is a budget for `{text}`, which is no party");
            let help = suggest::help(text, parties.keys().map(Id::as_str));
            findings.push(Diagnostic::error(fields.span.clone(), title).label("unknown").maybe_help(help));
        }
    }
    budgets
}
