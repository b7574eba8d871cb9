//! Correlations: inputs that go up and down together, by stated rank correlations.

use std::collections::BTreeMap;

use super::{checked_name, known, tables};
use crate::dependence::{Copula, Degrees, Family, Matrix};
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::{Correlation, Input, InputIndex, InputKind};
use crate::scenario::name::Name;
use crate::scenario::raw::Value;
use crate::scenario::read::{Field, Fields};
use crate::scenario::words;

const BETWEEN: &str = "between = [\"job_rate\", \"completion\"]";
const RANK: &str = "rank = 0.4";
/// A warning is written for a matrix that was moved by more than rounding.
const MOVED: f64 = 0.005;

/// All groups, ascending by name.
pub(super) fn correlations(top: &Fields<'_>, inputs: &[Input], findings: &mut Findings) -> Vec<Correlation> {
    let mut taken = BTreeMap::new();
    let mut found: Vec<Correlation> = tables(top, "correlation", &words::CORRELATION, findings)
        .into_iter()
        .filter_map(|(name, fields)| {
            let name = checked_name(&fields, name, findings);
            let between = between(&fields, inputs, &mut taken, findings);
            let family = family(&fields, findings);
            let (name, between) = (name?, between?);
            let ranks = ranks(&fields, &between, inputs, findings)?;
            build(&fields, name, between, (ranks, family?), inputs, findings)
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn build(
    fields: &Fields<'_>,
    name: Name,
    between: Vec<InputIndex>,
    (ranks, family): (Matrix, Family),
    inputs: &[Input],
    findings: &mut Findings,
) -> Option<Correlation> {
    let copula = Copula::new(ranks, family)
        .map_err(|error| {
            let (wrong, help) = error_parts(&error.to_string());
            fields.error(findings, format_args!("has {wrong}"), help);
        })
        .ok()?;
    if let Some(((a, b), asked, used)) =
        copula.most_moved().filter(|(_, asked, used)| (asked - used).abs() > MOVED)
    {
        let title = format!(
            "the rank correlations of `{name}` contradict each other: the nearest that can hold together are used"
        );
        let [a, b] = [a, b].map(|at| &inputs[between[at]].name);
        let help = format!(
            "the largest change: `{a}` and `{b}` {used:.2} instead of {asked:.2}; distance of the matrices {:.3}",
            copula.distance()
        );
        findings.push(Diagnostic::warning(fields.span.clone(), title).label("here").help(help));
    }
    Some(Correlation { name, inputs: between, copula, span: fields.span.clone() })
}

fn error_parts(text: &str) -> (String, String) {
    let (wrong, help) = text.split_once("; ").unwrap_or((text, "leave some out"));
    (wrong.to_owned(), help.to_owned())
}

/// The inputs of a group, in its order.
fn between(
    fields: &Fields<'_>,
    inputs: &[Input],
    taken: &mut BTreeMap<InputIndex, String>,
    findings: &mut Findings,
) -> Option<Vec<InputIndex>> {
    let field = fields.need("between", BETWEEN, findings)?;
    let mut found = Vec::new();
    for named in field.list("[\"job_rate\", \"completion\"]", findings)? {
        let text = named.text(findings)?;
        let names = inputs.iter().enumerate().map(|(index, input)| (input.name.as_str(), index));
        let index = known((&named.what, named.span()), text, "input", names, findings)?;
        if !can_be_correlated(&named, &inputs[index], findings) {
            return None;
        }
        if let Some(other) = taken.insert(index, fields.what.clone()) {
            let title = format_args!("names `{text}`, which {other} names already");
            named.error(findings, title, "an input is in one correlation, once");
            return None;
        }
        found.push(index);
    }
    if found.len() < 2 {
        field.error(findings, "names fewer than two inputs", format!("write for example `{BETWEEN}`"));
        return None;
    }
    alike(&field, &found, inputs, findings).then_some(found)
}

fn can_be_correlated(named: &Field<'_>, input: &Input, findings: &mut Findings) -> bool {
    let fixed = match &input.kind {
        InputKind::Formula(_) => {
            named.error(findings, "names a formula", "name the inputs that the formula is made of");
            return false;
        }
        InputKind::Random(law) => law.distribution().is_fixed(),
    };
    if fixed {
        named.error(
            findings,
            "names an input that is the same in every trial",
            "give it a distribution, or leave it out",
        );
    } else if !input.loads.is_empty() {
        let help = "keep one of them: `loads` on its factors, or the correlation";
        named.error(findings, "names an input that loads on factors", help);
    }
    !fixed && input.loads.is_empty()
}

/// What is drawn together is drawn at the same time, and is one kind of not knowing.
fn alike(field: &Field<'_>, found: &[InputIndex], inputs: &[Input], findings: &mut Findings) -> bool {
    let all = |same: &dyn Fn(&Input) -> bool| found.iter().all(|index| same(&inputs[*index]));
    let first = &inputs[found[0]];
    let drawn = all(&|input| input.each_intake == first.each_intake);
    let class = all(&|input| input.class == first.class);
    if !drawn {
        let help = "what is drawn once and what is drawn for each intake go into correlations of their own";
        field.error(findings, "names inputs that are not drawn at the same time", help);
    }
    if !class {
        let help = "give all of them the same `class`: \"ignorance\" or \"shock\"";
        field.error(findings, "names inputs of two classes, which are drawn as one", help);
    }
    drawn && class
}

fn family(fields: &Fields<'_>, findings: &mut Findings) -> Option<Family> {
    let Some(field) = fields.get("copula") else { return Some(Family::Gaussian) };
    let example = "copula = { t = 4 }";
    let inner = field.fields(&words::COPULA, example, findings)?;
    let degrees = inner.need("t", "t = 4", findings)?;
    let count = degrees.count(1_000, findings)?;
    let degrees = Degrees::new(count).map_err(|error| {
        let (wrong, help) = error_parts(&error.to_string());
        degrees.error(findings, format_args!("will not do: {wrong}"), help);
    });
    degrees.ok().map(Family::Student)
}

/// The rank correlation of each pair: one number for all, or a table by name.
fn ranks(
    fields: &Fields<'_>,
    between: &[InputIndex],
    inputs: &[Input],
    findings: &mut Findings,
) -> Option<Matrix> {
    let field = fields.need("rank", RANK, findings)?;
    let n = between.len();
    let mut values: Vec<f64> = (0..n * n).map(|at| if at / n == at % n { 1.0 } else { f64::NAN }).collect();
    if matches!(&field.item.value, Value::Table(_)) {
        let names: Vec<&str> = between.iter().map(|index| inputs[*index].name.as_str()).collect();
        by_pair(&field, &names, &mut values, findings)?;
    } else {
        let all = rank(&field, findings)?;
        values.iter_mut().filter(|value| value.is_nan()).for_each(|value| *value = all);
    }
    Matrix::new(n, values).ok()
}

fn by_pair(field: &Field<'_>, names: &[&str], values: &mut [f64], findings: &mut Findings) -> Option<()> {
    let n = names.len();
    let places = || names.iter().enumerate().map(|(at, name)| (*name, at));
    for (span, name, others) in field.entries("rank = { job_rate = { completion = 0.4 } }", findings)? {
        let row = known((&field.what, span), name, "input of this correlation", places(), findings)?;
        for (span, name, value) in others.entries("{ completion = 0.4 }", findings)? {
            let column = known((&others.what, span), name, "input of this correlation", places(), findings)?;
            let found = rank(&value, findings)?;
            if !values[row * n + column].is_nan() {
                value.error(findings, "is of a pair that is known", "say each pair of different inputs once");
                return None;
            }
            (values[row * n + column], values[column * n + row]) = (found, found);
        }
    }
    if let Some(at) = values.iter().position(|value| value.is_nan()) {
        let (a, b) = (names[at / n], names[at % n]);
        let help = format!("write `{a} = {{ {b} = 0 }}` where they have nothing to do with each other");
        field.error(findings, format_args!("does not say how `{a}` and `{b}` hang together"), help);
        return None;
    }
    Some(())
}

fn rank(field: &Field<'_>, findings: &mut Findings) -> Option<f64> {
    let value = field.plain(findings)?;
    if (-1.0..=1.0).contains(&value) {
        return Some(value);
    }
    let help =
        "1: always in the same order; 0: nothing to do with each other; -1: always in the opposite order";
    field.error(findings, format_args!("is {value}, and a rank correlation lies between -1 and 1"), help);
    None
}
