//! Inputs: every uncertain number, in an order in which formulas come after what they name.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::distribution;
use super::events::{class, loads};
use super::order;
use super::shifts::shifts;
use super::{checked_name, known, tables};
use crate::dist::Law;
use crate::scenario::choices;
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::formula::{Formula, Parsed};
use crate::scenario::model::{Behind, Class, Event, Factor, Input, InputKind, Number, Span};
use crate::scenario::name::Name;
use crate::scenario::raw::Value;
use crate::scenario::read::{Field, Fields};
use crate::scenario::value;
use crate::scenario::words::{self, KINDS};

/// What a number is used as; decides which values make sense and on which scale a range is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// A rate: a share of people.
    Rate,
    /// A number of people.
    People,
    /// A price of a unit.
    Price,
    /// What a price is multiplied by.
    Multiplier,
    /// A measured level.
    Level,
    /// A standard deviation of noise.
    Spread,
    /// A part of a formula.
    Formula,
    /// A part of an outcome's formula.
    Measured,
}

impl Use {
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Rate => "a rate",
            Self::People => "a number of people",
            Self::Price => "a price",
            Self::Multiplier => "a multiplier of a price",
            Self::Level => "a level",
            Self::Spread => "a standard deviation",
            Self::Formula => "a part of a formula",
            Self::Measured => "a part of an outcome's formula",
        }
    }

    /// The values that make sense.
    fn values(self) -> (f64, f64) {
        match self {
            Self::Rate => (0.0, 1.0),
            Self::People | Self::Price | Self::Multiplier | Self::Spread => (0.0, f64::INFINITY),
            Self::Level | Self::Formula | Self::Measured => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }
}

/// An input whose uses are still being gathered.
struct Declared<'a> {
    name: Name,
    fields: Fields<'a>,
    kind: Option<(&'static str, Field<'a>)>,
    formula: Option<Formula>,
    uses: Vec<Use>,
}

/// All inputs of an investment, by index.
pub(super) struct Inputs<'a> {
    list: Vec<Declared<'a>>,
    index: BTreeMap<&'a str, usize>,
}

/// What shifts and loads may name.
pub(super) struct Around<'a> {
    pub(super) factors: &'a BTreeMap<Name, Factor>,
    pub(super) events: &'a BTreeMap<Name, Event>,
    pub(super) intakes: &'a [Date],
}

impl<'a> Inputs<'a> {
    /// Names all inputs and puts them in order. `None` when that is not possible.
    pub(super) fn declare(top: &Fields<'a>, findings: &mut Findings) -> Option<Self> {
        let mut raw = Vec::new();
        for (text, fields) in tables(top, "input", &words::INPUT, findings) {
            let kind = fields.one_of(&KINDS, findings);
            if kind.is_none() {
                let help =
                    "write for example `range = { low = 0.3, mid = 0.4, high = 0.5 }`, or `value = 0.4`";
                fields.lacks(findings, "has no distribution", help);
            }
            let parsed = kind
                .as_ref()
                .filter(|(word, _)| *word == "formula")
                .and_then(|(_, f)| Self::parse(f, "inputs", findings));
            if let Some(name) = checked_name(&fields, text, findings) {
                raw.push((text, name, fields, kind, parsed));
            }
        }
        let names: Vec<&str> = raw.iter().map(|(text, ..)| *text).collect();
        let depends: Vec<Vec<usize>> =
            raw.iter().map(|(.., parsed)| needs(parsed.as_ref(), &names)).collect();
        let order = order::sorted(&depends).map_err(|circle| {
            let chain = order::chain(&circle, |index| names[index]);
            let fields = &raw[circle[0]].2;
            fields.error(
                findings,
                format_args!("depends on itself: {chain}"),
                "a formula names inputs that stand by themselves",
            );
        });
        let order = order.ok()?;
        let index: BTreeMap<&str, usize> =
            order.iter().enumerate().map(|(at, old)| (names[*old], at)).collect();
        let mut slots: Vec<_> = raw.into_iter().map(Some).collect();
        let mut list = Vec::new();
        for old in order {
            let (_, name, fields, kind, parsed) = slots[old].take()?;
            let formula =
                parsed.zip(kind.as_ref()).and_then(|(p, (_, field))| resolve(&p, field, &index, findings));
            list.push(Declared { name, fields, kind, formula, uses: Vec::new() });
        }
        let mut inputs = Self { list, index };
        inputs.use_in_formulas();
        Some(inputs)
    }

    fn use_in_formulas(&mut self) {
        let mut uses = Vec::new();
        for declared in &self.list {
            let Some(formula) = &declared.formula else { continue };
            formula.expression().visit(&mut |index| uses.push(*index));
        }
        for index in uses {
            self.list[index].uses.push(Use::Formula);
        }
    }

    /// Reads a formula whose names are those of `leaves`.
    pub(super) fn parse(field: &Field<'_>, leaves: &str, findings: &mut Findings) -> Option<Parsed> {
        let text = field.text(findings)?;
        Parsed::new(text)
            .map_err(|error| {
                let span = inside(field, text, error.at, 1);
                let title = format!("{} cannot be read", field.what);
                let help = format!(
                    "a formula has `+ - * /`, `min(a, b)`, `max(a, b)`, parentheses, numbers and names of {leaves}"
                );
                findings.push(Diagnostic::error(span, title).label(error.reason).help(help));
            })
            .ok()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = (&'a str, usize)> + Clone + '_ {
        self.index.iter().map(|(name, index)| (*name, *index))
    }

    /// How many inputs there are.
    pub(super) fn count(&self) -> usize {
        self.list.len()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.index.contains_key(name)
    }

    /// Reads a number or the name of an input, and notes what it is used as.
    pub(super) fn number(
        &mut self,
        field: &Field<'_>,
        usage: Use,
        findings: &mut Findings,
    ) -> Option<Number> {
        match &field.item.value {
            Value::Text(text) if value::fraction(text).is_some() => {
                let share = field.share(findings)?;
                Some(Number::Fixed(*share.numer() as f64 / *share.denom() as f64))
            }
            Value::Text(text) if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
                let help = "numbers stand without quotes, with a point for decimals: `12_500`, `0.5`";
                field.error(findings, format_args!("is a text, `{text}`"), help);
                None
            }
            Value::Text(text) => self.named(field, text, usage, findings).map(Number::Input),
            Value::Number(_) => literal(field, usage, findings).map(Number::Fixed),
            Value::Broken => None,
            other => {
                let title = format!("must be a number or the name of an input, not {}", other.kind());
                field.error(findings, title, "write for example `0.5` or `\"success_rate\"`");
                None
            }
        }
    }

    /// The index of a named input, whose use is noted.
    pub(super) fn named(
        &mut self,
        field: &Field<'_>,
        text: &str,
        usage: Use,
        findings: &mut Findings,
    ) -> Option<usize> {
        let index = known((&field.what, field.span()), text, "input", self.names(), findings)?;
        self.list[index].uses.push(usage);
        Some(index)
    }

    /// Builds the inputs. All uses are known when `complete`; otherwise there was an error, and none is judged idle.
    pub(super) fn finish(
        self,
        around: &Around<'_>,
        complete: bool,
        findings: &mut Findings,
    ) -> Option<Vec<Input>> {
        let mut inputs: Vec<Option<Input>> = Vec::with_capacity(self.list.len());
        let mut ranges: Vec<Option<(f64, f64)>> = Vec::with_capacity(self.list.len());
        for declared in &self.list {
            let kind = declared.kind(&ranges, findings);
            if let Some((_, range, _)) = &kind {
                declared.check_uses(*range, findings);
            }
            ranges.push(kind.as_ref().map(|(_, range, _)| *range));
            let loads = loads(&declared.fields, around.factors, findings);
            let shifts =
                shifts(&declared.fields, &declared.uses, ranges.last().copied().flatten(), around, findings);
            let each_intake = declared.each_intake(&inputs, findings);
            let class = class(&declared.fields, Class::Ignorance, findings);
            let of = of(&declared.fields, findings);
            let stream = declared.fields.get("stream").and_then(|field| field.text(findings));
            inputs.push(kind.map(|(kind, _, behind)| Input {
                name: declared.name.clone(),
                kind,
                loads,
                shifts,
                each_intake,
                class,
                of,
                behind,
                stream: stream.unwrap_or(declared.name.as_str()).to_owned(),
                span: declared.fields.span.clone(),
            }));
        }
        if complete && !findings.has_errors() {
            self.warn_idle(findings);
        }
        inputs.into_iter().collect()
    }

    fn warn_idle(&self, findings: &mut Findings) {
        for declared in self.list.iter().filter(|declared| declared.uses.is_empty()) {
            let title = format!("{} is used nowhere", declared.fields.what);
            findings.push(Diagnostic::warning(declared.fields.span.clone(), title).label("has no effect"));
        }
    }
}

/// The smallest and largest value an input can take, given those of earlier ones.
pub(super) fn range_of(kind: &InputKind, earlier: &[(f64, f64)]) -> (f64, f64) {
    match kind {
        InputKind::Random(bounded) => bounded.support(),
        InputKind::Formula(formula) => formula.range(earlier).unwrap_or((f64::NEG_INFINITY, f64::INFINITY)),
    }
}

impl Declared<'_> {
    fn kind(
        &self,
        ranges: &[Option<(f64, f64)>],
        findings: &mut Findings,
    ) -> Option<(InputKind, (f64, f64), Option<Behind>)> {
        let (word, field) = self.kind.as_ref()?;
        if *word == "formula" {
            self.refuse_on_formula(findings);
            let ranges: Vec<_> = ranges.iter().map(|range| range.unwrap_or((1.0, 1.0))).collect();
            let formula = self.formula.clone()?;
            let Some(range) = formula.range(&ranges) else {
                field.error(
                    findings,
                    "may divide by zero",
                    "truncate the divisor: `at_least = ...` on its input",
                );
                return None;
            };
            return Some((InputKind::Formula(formula), range, None));
        }
        let scale = distribution::scale(&self.fields, field, word, self.uses.iter().copied(), findings);
        let bounded = distribution::bounded(&self.fields, word, field, scale?, findings)?;
        let behind = distribution::behind(word, field, scale?, findings);
        let range = bounded.support();
        Some((InputKind::Random(bounded), range, behind))
    }

    fn refuse_on_formula(&self, findings: &mut Findings) {
        let instead = [
            ("at_least", "put the bound in the formula: `max(0, ...)`"),
            ("at_most", "put the bound in the formula: `min(1, ...)`"),
            ("loads", "put the loading on the inputs it names"),
            ("drawn", "put it on the inputs the formula names"),
            ("stream", "a formula draws nothing"),
            ("class", "a formula has the classes of the inputs it names"),
        ];
        for (word, help) in instead {
            if let Some(field) = self.fields.get(word) {
                field.error(findings, "cannot stand beside a formula", help);
            }
        }
    }

    fn check_uses(&self, range: (f64, f64), findings: &mut Findings) {
        for usage in &self.uses {
            let (least, most) = usage.values();
            if range.0 >= least && range.1 <= most {
                continue;
            }
            let title = format!(
                "{} is used as {} but can be {}",
                self.fields.what,
                usage.noun(),
                if range.0 < least { format!("below {least}") } else { format!("above {most}") }
            );
            let help = self.help_for_range(*usage, range);
            findings.push(Diagnostic::error(self.fields.span.clone(), title).label("this input").help(help));
            return;
        }
    }

    fn help_for_range(&self, usage: Use, range: (f64, f64)) -> String {
        let formula = self.formula.is_some();
        match usage {
            Use::Rate if range.1 > 1.5 && range.1 <= 100.0 => "shares are written 0.30, not 30".to_owned(),
            Use::Rate if formula => "bound it: `max(0, min(1, ...))`".to_owned(),
            Use::Rate => "truncate it: `at_least = 0, at_most = 1`".to_owned(),
            _ if formula => "bound it: `max(0, ...)`".to_owned(),
            _ => "truncate it: `at_least = 0`".to_owned(),
        }
    }

    fn each_intake(&self, earlier: &[Option<Input>], findings: &mut Findings) -> bool {
        if let Some(formula) = &self.formula {
            let mut each = false;
            formula.expression().visit(&mut |index| {
                each |= earlier.get(*index).and_then(Option::as_ref).is_some_and(|input| input.each_intake);
            });
            return self.allow_each_intake(each, findings);
        }
        let drawn = self.fields.get("drawn");
        let each = drawn.and_then(|field| field.word(&choices::DRAWN, findings)).unwrap_or(false);
        self.allow_each_intake(each, findings)
    }

    /// A number drawn for each intake has one value an intake; the people enrolled and a price have one in all.
    fn allow_each_intake(&self, each: bool, findings: &mut Findings) -> bool {
        let single = self
            .uses
            .iter()
            .find(|usage| matches!(usage, Use::People | Use::Price | Use::Multiplier | Use::Measured));
        if let (true, Some(usage)) = (each, single) {
            let title = format!("is drawn for each intake but used as {}", usage.noun());
            self.fields.error(findings, title, "draw it once, or use it for an outcome");
        }
        each
    }
}

/// Whom the evidence counted.
fn of(fields: &Fields<'_>, findings: &mut Findings) -> Option<Name> {
    let field = fields.get("of")?;
    Name::new(field.text(findings)?)
        .map_err(|error| field.error(findings, format_args!("is no name: {error}"), error.help()))
        .ok()
}

fn literal(field: &Field<'_>, usage: Use, findings: &mut Findings) -> Option<f64> {
    let number = field.plain(findings)?;
    match usage {
        Use::Rate if !(0.0..=1.0).contains(&number) => {
            field.not_a_share(findings);
            None
        }
        Use::People if number.fract() != 0.0 || number < 0.0 => {
            field.error(findings, format_args!("is {number}"), "people are whole: write for example `720`");
            None
        }
        Use::People | Use::Price | Use::Multiplier | Use::Spread if number < 0.0 => {
            field.error(findings, format_args!("is negative: {number}"), "it cannot be below 0");
            None
        }
        _ => Some(number),
    }
}

fn needs(parsed: Option<&Parsed>, names: &[&str]) -> Vec<usize> {
    let mentioned = parsed.map(Parsed::names).unwrap_or_default();
    mentioned.iter().filter_map(|mention| names.iter().position(|name| *name == mention.name)).collect()
}

fn resolve(
    parsed: &Parsed,
    field: &Field<'_>,
    index: &BTreeMap<&str, usize>,
    findings: &mut Findings,
) -> Option<Formula> {
    match parsed.resolve(&|name| index.get(name).copied()) {
        Ok(formula) => Some(formula),
        Err(mention) => {
            let span = inside(field, parsed.text(), mention.at, mention.name.len());
            let names = index.keys().map(|name| (*name, ()));
            known((&field.what, span), &mention.name, "input", names, findings);
            None
        }
    }
}

/// The place of a part of a text value; the whole value where escapes make places uncertain.
pub(super) fn inside(field: &Field<'_>, text: &str, at: usize, length: usize) -> Span {
    let span = field.span();
    if span.len() != text.len() + 2 || !text.is_ascii() {
        return span;
    }
    let start = span.start + 1 + at;
    start..(start + length).min(span.end)
}
