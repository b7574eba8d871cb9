//! Formulas over inputs: `+ - * /`, `min`, `max`, parentheses, numbers and names.
//!
//! One grammar without conditions, loops or other functions, on purpose: what needs a condition is a price with
//! rows, what needs money is a limit.

use std::fmt;

use thiserror::Error;
use winnow::ascii::{digit1, multispace0};
use winnow::combinator::{alt, opt, peek};
use winnow::error::{ContextError, ErrMode, StrContext, StrContextValue};
use winnow::stream::{LocatingSlice, Location};
use winnow::token::{any, one_of, take_while};
use winnow::{ModalResult, Parser};

use super::value::Decimal;

/// An expression whose leaves are inputs.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr<Leaf = usize> {
    /// As written.
    Number(f64),
    /// An input.
    Input(Leaf),
    /// −a.
    Negate(Box<Expr<Leaf>>),
    /// a + b.
    Add(Box<Expr<Leaf>>, Box<Expr<Leaf>>),
    /// a − b.
    Subtract(Box<Expr<Leaf>>, Box<Expr<Leaf>>),
    /// a · b.
    Multiply(Box<Expr<Leaf>>, Box<Expr<Leaf>>),
    /// a / b.
    Divide(Box<Expr<Leaf>>, Box<Expr<Leaf>>),
    /// The smaller.
    Minimum(Box<Expr<Leaf>>, Box<Expr<Leaf>>),
    /// The larger.
    Maximum(Box<Expr<Leaf>>, Box<Expr<Leaf>>),
}

/// A formula: its text, and what it computes from inputs by index.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    text: String,
    expression: Expr,
}

/// A name in a formula, and where it begins in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) name: String,
    pub(crate) at: usize,
}

/// A formula whose names are not resolved yet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parsed {
    text: String,
    expression: Expr<Mention>,
}

/// Why a text is no formula.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{reason}")]
pub struct FormulaError {
    /// Where in the text, in bytes.
    pub(crate) at: usize,
    /// What would have been right there.
    pub(crate) reason: String,
}

/// Parentheses and signs nest no deeper.
const DEEPEST: u32 = 64;
/// No formula of a contract is longer.
const LONGEST: usize = 4096;
/// No number of a contract is larger.
const LARGEST: f64 = 1e12;

impl Parsed {
    /// Reads a formula.
    ///
    /// # Errors
    /// With the place at which reading stopped and what was expected there.
    pub(crate) fn new(text: &str) -> Result<Self, FormulaError> {
        if text.len() > LONGEST {
            return Err(FormulaError { at: 0, reason: "a formula has at most 4096 characters".to_owned() });
        }
        let mut input = LocatingSlice::new(text);
        match whole(&mut input) {
            Ok(expression) => Ok(Self { text: text.to_owned(), expression }),
            Err(error) => Err(FormulaError { at: input.current_token_start(), reason: reason(error) }),
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The tree with names as written.
    pub(crate) fn tree(&self) -> &Expr<Mention> {
        &self.expression
    }

    /// All names, in the order in which they are written.
    pub(crate) fn names(&self) -> Vec<&Mention> {
        let mut names = Vec::new();
        self.expression.visit(&mut |leaf| names.push(leaf));
        names
    }

    /// The formula with names turned into indices; the first unknown name otherwise.
    pub(crate) fn resolve(&self, index_of: &impl Fn(&str) -> Option<usize>) -> Result<Formula, Mention> {
        let mut leaf = |mention: &Mention| index_of(&mention.name).ok_or_else(|| mention.clone());
        Ok(Formula { text: self.text.clone(), expression: self.expression.map(&mut leaf)? })
    }
}

impl Formula {
    /// The text as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The tree.
    #[must_use]
    pub fn expression(&self) -> &Expr {
        &self.expression
    }

    /// The smallest and largest value, given those of the inputs, by interval arithmetic (an outer bound).
    ///
    /// `None` when a divisor may be zero, so that the formula has no value.
    #[must_use]
    pub fn range(&self, ranges: &[(f64, f64)]) -> Option<(f64, f64)> {
        self.expression.range(ranges)
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<Leaf> Expr<Leaf> {
    /// Shows every leaf to `seen`, in the order in which they are written.
    pub(crate) fn visit<'a>(&'a self, seen: &mut impl FnMut(&'a Leaf)) {
        match self {
            Self::Number(_) => {}
            Self::Input(leaf) => seen(leaf),
            Self::Negate(a) => a.visit(seen),
            Self::Add(a, b)
            | Self::Subtract(a, b)
            | Self::Multiply(a, b)
            | Self::Divide(a, b)
            | Self::Minimum(a, b)
            | Self::Maximum(a, b) => {
                a.visit(seen);
                b.visit(seen);
            }
        }
    }

    /// The same with each leaf turned into another.
    pub(crate) fn map<To, E>(&self, leaf: &mut impl FnMut(&Leaf) -> Result<To, E>) -> Result<Expr<To>, E> {
        let mut both = |a: &Self, b: &Self| Ok((Box::new(a.map(leaf)?), Box::new(b.map(leaf)?)));
        Ok(match self {
            Self::Number(number) => Expr::Number(*number),
            Self::Input(name) => Expr::Input(leaf(name)?),
            Self::Negate(a) => Expr::Negate(Box::new(a.map(leaf)?)),
            Self::Add(a, b) => both(a, b).map(|(a, b)| Expr::Add(a, b))?,
            Self::Subtract(a, b) => both(a, b).map(|(a, b)| Expr::Subtract(a, b))?,
            Self::Multiply(a, b) => both(a, b).map(|(a, b)| Expr::Multiply(a, b))?,
            Self::Divide(a, b) => both(a, b).map(|(a, b)| Expr::Divide(a, b))?,
            Self::Minimum(a, b) => both(a, b).map(|(a, b)| Expr::Minimum(a, b))?,
            Self::Maximum(a, b) => both(a, b).map(|(a, b)| Expr::Maximum(a, b))?,
        })
    }
}

impl Expr {
    fn range(&self, ranges: &[(f64, f64)]) -> Option<(f64, f64)> {
        let of = |e: &Self| e.range(ranges);
        // Each part is asked once: a sum of forty terms asked twice a level would take hours.
        Some(match self {
            Self::Number(number) => (*number, *number),
            Self::Input(index) => *ranges.get(*index)?,
            Self::Negate(a) => of(a).map(|(low, high)| (-high, -low))?,
            Self::Add(a, b) => ends(of(a)?, of(b)?, |a, b| a + b),
            Self::Subtract(a, b) => {
                let (a, (low, high)) = (of(a)?, of(b)?);
                ends(a, (high, low), |a, b| a - b)
            }
            Self::Multiply(a, b) => corners(of(a)?, of(b)?, product),
            Self::Divide(a, b) => {
                let divisor = of(b)?;
                if divisor.0 <= 0.0 && divisor.1 >= 0.0 {
                    return None;
                }
                corners(of(a)?, divisor, |a, b| if b.is_infinite() { 0.0 } else { a / b })
            }
            Self::Minimum(a, b) => ends(of(a)?, of(b)?, f64::min),
            Self::Maximum(a, b) => ends(of(a)?, of(b)?, f64::max),
        })
    }
}

/// An operation on both lower ends and on both upper ends.
fn ends(a: (f64, f64), b: (f64, f64), op: impl Fn(f64, f64) -> f64) -> (f64, f64) {
    (op(a.0, b.0), op(a.1, b.1))
}

/// In a bound, zero times an endless end is zero: the end itself is never reached.
fn product(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 { 0.0 } else { a * b }
}

fn corners(a: (f64, f64), b: (f64, f64), op: impl Fn(f64, f64) -> f64) -> (f64, f64) {
    let all = [op(a.0, b.0), op(a.0, b.1), op(a.1, b.0), op(a.1, b.1)];
    (all.iter().copied().fold(f64::INFINITY, f64::min), all.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

type Text<'a> = LocatingSlice<&'a str>;
type Tree = Expr<Mention>;

/// Stops reading where the input stands.
fn expected(what: &'static str) -> ErrMode<ContextError> {
    let mut error = ContextError::new();
    error.push(StrContext::Expected(StrContextValue::Description(what)));
    ErrMode::Cut(error)
}

fn reason(error: ErrMode<ContextError>) -> String {
    let context = error.into_inner().ok();
    let said = context.as_ref().and_then(|context| context.context().next());
    said.map_or_else(
        || OPERAND.to_owned(),
        |said| match said {
            StrContext::Expected(what) => what.to_string(),
            other => other.to_string(),
        },
    )
}

const OPERAND: &str = "a number, a name, `min(`, `max(` or `(` is expected here";

fn whole(input: &mut Text<'_>) -> ModalResult<Tree> {
    let tree = sum(input, 0)?;
    skip_space(input)?;
    if input.is_empty() { Ok(tree) } else { Err(expected("one of `+ - * /` or the end is expected here")) }
}

fn skip_space(input: &mut Text<'_>) -> ModalResult<()> {
    multispace0.void().parse_next(input)
}

/// The next of two operators, if one of them stands here.
fn operator(input: &mut Text<'_>, signs: [char; 2]) -> ModalResult<Option<char>> {
    skip_space(input)?;
    opt(one_of(signs)).parse_next(input)
}

/// `product (('+' | '-') product)*`
fn sum(input: &mut Text<'_>, depth: u32) -> ModalResult<Tree> {
    let mut left = product_of(input, depth)?;
    while let Some(sign) = operator(input, ['+', '-'])? {
        let (a, b) = (Box::new(left), Box::new(product_of(input, depth)?));
        left = if sign == '+' { Expr::Add(a, b) } else { Expr::Subtract(a, b) };
    }
    Ok(left)
}

/// `operand (('*' | '/') operand)*`
fn product_of(input: &mut Text<'_>, depth: u32) -> ModalResult<Tree> {
    let mut left = operand(input, depth)?;
    while let Some(sign) = operator(input, ['*', '/'])? {
        let (a, b) = (Box::new(left), Box::new(operand(input, depth)?));
        left = if sign == '*' { Expr::Multiply(a, b) } else { Expr::Divide(a, b) };
    }
    Ok(left)
}

/// `'-' operand | '(' sum ')' | call | number | name`
fn operand(input: &mut Text<'_>, depth: u32) -> ModalResult<Tree> {
    if depth >= DEEPEST {
        return Err(expected("more than 64 levels of parentheses and signs"));
    }
    skip_space(input)?;
    match opt(peek(any)).parse_next(input)? {
        Some('-') => {
            any.void().parse_next(input)?;
            Ok(Expr::Negate(Box::new(operand(input, depth + 1)?)))
        }
        Some('(') => {
            any.void().parse_next(input)?;
            let inner = sum(input, depth + 1)?;
            close(input)?;
            Ok(inner)
        }
        Some(c) if c.is_ascii_digit() => number(input),
        Some(c) if c.is_ascii_lowercase() => name_or_call(input, depth),
        _ => Err(expected(OPERAND)),
    }
}

fn close(input: &mut Text<'_>) -> ModalResult<()> {
    skip_space(input)?;
    match opt(')').parse_next(input)? {
        Some(_) => Ok(()),
        None => Err(expected("`)` is expected here")),
    }
}

fn number(input: &mut Text<'_>) -> ModalResult<Tree> {
    let exponent = (one_of(['e', 'E']), opt(one_of(['+', '-'])), digit1);
    let whole = take_while(1.., ('0'..='9', '_'));
    let text = (whole, opt(('.', digit1)), opt(exponent)).take().parse_next(input)?;
    match Decimal::parse(text).map(Decimal::to_f64) {
        Some(number) if number <= LARGEST => Ok(Expr::Number(number)),
        _ => Err(expected("this number is too large")),
    }
}

fn name_or_call(input: &mut Text<'_>, depth: u32) -> ModalResult<Tree> {
    let at = input.current_token_start();
    let name = take_while(1.., ('a'..='z', '0'..='9', '_')).parse_next(input)?;
    skip_space(input)?;
    let called = opt('(').parse_next(input)?.is_some();
    match (name, called) {
        ("min", true) => arguments(input, depth, Expr::Minimum),
        ("max", true) => arguments(input, depth, Expr::Maximum),
        ("min" | "max", false) => Err(expected("`(` is expected after `min` and `max`")),
        (_, true) => Err(expected("there is no such function: a formula has `min` and `max` only")),
        (name, false) => Ok(Expr::Input(Mention { name: name.to_owned(), at })),
    }
}

/// `sum (',' sum)+ ')'`
fn arguments(
    input: &mut Text<'_>,
    depth: u32,
    combine: impl Fn(Box<Tree>, Box<Tree>) -> Tree,
) -> ModalResult<Tree> {
    let mut all = sum(input, depth + 1)?;
    let mut count = 1;
    loop {
        skip_space(input)?;
        match opt(alt((',', ')'))).parse_next(input)? {
            Some(',') => {
                all = combine(Box::new(all), Box::new(sum(input, depth + 1)?));
                count += 1;
            }
            Some(_) if count > 1 => return Ok(all),
            Some(_) => return Err(expected("`min` and `max` compare two or more values, `max(0, x)`")),
            None => return Err(expected("`,` or `)` is expected here")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn formula(text: &str) -> Result<Formula, FormulaError> {
        Ok(Parsed::new(text)?.resolve(&|name| ["x", "y"].iter().position(|n| *n == name)).unwrap())
    }

    fn value(text: &str) -> f64 {
        let (low, high) = formula(text).unwrap().range(&[(2.0, 2.0), (3.0, 3.0)]).unwrap();
        assert!((low - high).abs() < 1e-12);
        low
    }

    fn refused(text: &str) -> (usize, String) {
        let error = Parsed::new(text).unwrap_err();
        (error.at, error.reason)
    }

    #[test]
    fn operators_bind_as_in_school() {
        let cases = [
            ("x + y * 2", 8.0),
            ("(x + y) * 2", 10.0),
            ("x - y - 1", -2.0),
            ("12 / x / y", 2.0),
            ("-x * -y", 6.0),
            (" min( x , y, 1.5e0 ) ", 1.5),
            ("max(0, x - y)", 0.0),
            ("1_000 * x", 2000.0),
        ];
        for (text, expected) in cases {
            assert!((value(text) - expected).abs() < 1e-12, "{text}");
        }
    }

    #[test]
    fn errors_say_where_and_what() {
        assert_eq!(refused("x + "), (4, OPERAND.to_owned()));
        assert_eq!(refused("x y").0, 2);
        assert!(refused("x ) y").1.contains("or the end"));
        assert!(refused("sqrt(x)").1.contains("`min` and `max` only"));
        assert!(refused("max(x)").1.contains("two or more"));
        assert!(refused("(x").1.contains("`)`"));
        assert!(refused("").1.contains("a number"));
        assert!(refused("1e300").1.contains("too large"));
        assert!(refused(&"(".repeat(100)).1.contains("64 levels"));
        assert!(refused(&"-".repeat(100)).1.contains("64 levels"));
        assert!(refused(&"x+".repeat(3000)).1.contains("4096"));
    }

    #[test]
    fn unknown_names_are_found_with_their_place() {
        let parsed = Parsed::new("x + unknown").unwrap();
        let mention = parsed.resolve(&|name| (name == "x").then_some(0)).unwrap_err();
        assert_eq!(mention, Mention { name: "unknown".into(), at: 4 });
        assert_eq!(parsed.names().len(), 2);
    }

    #[test]
    fn ranges_hold_every_value() {
        let range = |text: &str| formula(text).unwrap().range(&[(0.0, 1.0), (0.0, f64::INFINITY)]);
        assert_eq!(range("x * y"), Some((0.0, f64::INFINITY)));
        assert_eq!(range("x - y"), Some((f64::NEG_INFINITY, 1.0)));
        assert_eq!(range("1 / (1 + y)"), Some((0.0, 1.0)));
        assert_eq!(range("1 / y"), None);
        assert_eq!(range("max(0, min(1, x + 1))"), Some((1.0, 1.0)));
    }

    /// Twice the work for each term would never end.
    #[test]
    fn ranges_of_long_formulas_are_found_at_once() {
        let range = |text: &str| formula(text).unwrap().range(&[(0.0, 1.0), (0.0, 2.0)]);
        assert_eq!(range(&format!("x{}", "+x".repeat(200))), Some((0.0, 201.0)));
        assert_eq!(range(&format!("x{}", "-y".repeat(200))), Some((-400.0, 1.0)));
        for (name, high) in [("min", 1.0), ("max", 2.0)] {
            assert_eq!(range(&format!("{name}(x{})", ",y".repeat(200))), Some((0.0, high)));
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[-+*/(), xymina0-9.e_]{0,40}") {
            if let Err(error) = Parsed::new(&text) {
                prop_assert!(text.is_char_boundary(error.at));
            }
        }
    }
}
