//! Formulas of outcomes: arithmetic on what is pooled of other outcomes, people and inputs.

use super::super::inputs::{Inputs, Use, inside};
use super::super::known;
use super::kind::refuse_beside;
use super::{Draft, ENROLLED, SoFar, position_of_group};
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::formula::{Expr, Mention, Parsed};
use crate::scenario::model::{Cell, Outcome, OutcomeKind, Part, Population};
use crate::scenario::read::{Field, Fields};

/// Words of outcomes that are measured; a formula computes.
const MEASURED: [(&str, &str); 7] = [
    ("of", "the outcomes it names say of whom"),
    ("at", "it is measured when the outcomes it names are"),
    ("on", "it is measured when the outcomes it names are"),
    ("ladder", "put it on an outcome that the formula names"),
    ("noise", "put it on a level that the formula names"),
    ("bias", "put it on a level that the formula names"),
    ("clustering", "put it on a rate that the formula names"),
];

/// The formula of a draft, as text, if it has one.
pub(super) fn parsed(fields: &Fields<'_>) -> Option<Parsed> {
    match fields.table.item("formula").map(|item| &item.value) {
        Some(crate::scenario::raw::Value::Text(text)) => Parsed::new(text).ok(),
        _ => None,
    }
}

/// An outcome that is a formula of others.
pub(super) fn outcome(
    draft: &Draft<'_>,
    field: &Field<'_>,
    so_far: &SoFar<'_>,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<Outcome> {
    let fields = &draft.fields;
    refuse_beside("a formula", &MEASURED, fields, findings);
    let parsed = Inputs::parse(field, "outcomes, groups and inputs", findings)?;
    let mut parts = Parts { field, parsed: &parsed, so_far, inputs, findings, sound: true };
    let expression = parsed.tree().map(&mut |mention: &Mention| Ok::<_, ()>(parts.part(mention)));
    let sound = parts.sound;
    let expression = expression.ok().filter(|_| sound)?;
    let (points, cells) = cells(&expression, field, so_far, findings)?;
    Some(Outcome {
        name: draft.name.clone(),
        of: Population::Enrolled,
        kind: OutcomeKind::Formula(expression),
        points,
        ladder: false,
        clustering: None,
        bias: None,
        round_to: None,
        cells,
        span: fields.span.clone(),
    })
}

/// Turns the names of a formula into its parts.
struct Parts<'a, 'b> {
    field: &'a Field<'a>,
    parsed: &'a Parsed,
    so_far: &'a SoFar<'a>,
    inputs: &'a mut Inputs<'b>,
    findings: &'a mut Findings,
    sound: bool,
}

impl Parts<'_, '_> {
    /// The part of a name; any part after an error, which is then among the findings.
    fn part(&mut self, mention: &Mention) -> Part {
        let found = self.find(mention);
        self.sound &= found.is_some();
        found.unwrap_or(Part::Enrolled)
    }

    fn find(&mut self, mention: &Mention) -> Option<Part> {
        let SoFar { names, done, cohort, .. } = self.so_far;
        let name = mention.name.as_str();
        if name == ENROLLED {
            return Some(Part::Enrolled);
        }
        if let Some(group) = position_of_group(cohort, name) {
            return Some(Part::Group(group));
        }
        if names.contains(&name) {
            // One that is not done has an error of its own.
            return done.iter().position(|outcome| outcome.name.as_str() == name).map(Part::Outcome);
        }
        let span = inside(self.field, self.parsed.text(), mention.at, mention.name.len());
        if self.inputs.has(name) {
            let field = Field { item: self.field.item, what: self.field.what.clone() };
            return self.inputs.named(&field, name, Use::Measured, self.findings).map(Part::Input);
        }
        let groups = cohort.groups.iter().flat_map(|groups| &groups.names).map(|name| (name.as_str(), ()));
        let inputs = self.inputs.names().map(|(name, _)| (name, ()));
        let all = names.iter().map(|name| (*name, ())).chain([(ENROLLED, ())]).chain(groups).chain(inputs);
        known((&self.field.what, span), name, "outcome, group or input", all, self.findings);
        None
    }
}

/// When a formula is measured: as the outcomes it names, which must have the same dates.
fn cells(
    expression: &Expr<Part>,
    field: &Field<'_>,
    so_far: &SoFar<'_>,
    findings: &mut Findings,
) -> Option<(usize, Vec<Cell>)> {
    let mut named = Vec::new();
    expression.visit(&mut |part| {
        if let Part::Outcome(index) = part {
            named.push(&so_far.done[*index]);
        }
    });
    let Some((first, others)) = named.split_first() else {
        let help = "name at least one outcome; a number for every trial is an input with a `formula`";
        field.error(findings, "names nothing that is measured", help);
        return None;
    };
    let dates = |outcome: &Outcome| -> Vec<_> { outcome.cells.iter().map(|cell| cell.measured).collect() };
    for other in others {
        if other.points != first.points || dates(other) != dates(first) {
            let title = format!(
                "names `{}` and `{}`, which are not measured on the same dates",
                first.name, other.name
            );
            let span = field.span();
            findings.push(
                Diagnostic::error(span, format!("{} {title}", field.what)).label("this value").help(
                    "give both the same `at`: a number pooled from two dates would have no date of its own",
                ),
            );
            return None;
        }
    }
    let cell = |cell: &Cell| Cell { parent: None, ..cell.clone() };
    Some((first.points, first.cells.iter().map(cell).collect()))
}
