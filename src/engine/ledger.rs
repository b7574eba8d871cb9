//! The ledger index: what each line of a trial's ledger is, and which columns of the plan hold its figures.
//!
//! It is written beside the plan while a scenario is compiled, and only when a ledger is asked for. It adds no operation:
//! a figure that the plan does not compute by itself is a sum of columns, added up when a line is read.

use jiff::civil::Date;

use super::grid::Flow;
use super::plan::Kept;
use super::plan::column::{Real, Whole};

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A common factor.
    Factor,
    /// Something that happens or not.
    Event,
    /// An uncertain number.
    Input,
    /// The people enrolled in an intake.
    People,
    /// An outcome of an intake at a measuring point.
    Outcome,
    /// What a term is worth on a due date, before it is split among payers.
    Amount,
    /// What a limit let through on a date.
    Limit,
    /// Money that moves: earned, taken or moved by a limit, paid, put in.
    Flow(Flow),
    /// What a promise leaves due to a fund.
    Promise,
}

impl Step {
    /// The name in files, the same in every language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Factor => "factor",
            Self::Event => "event",
            Self::Input => "input",
            Self::People => "people",
            Self::Outcome => "outcome",
            Self::Amount => "amount",
            Self::Limit => "limit",
            Self::Flow(flow) => flow.name(),
            Self::Promise => "promise",
        }
    }
}

/// What a figure of a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// A standard normal score.
    Score,
    /// Whether it happens.
    Happens,
    /// The number drawn.
    Value,
    /// People: enrolled, or who reached an outcome; a level where that is measured.
    Measured,
    /// The people an outcome is measured of.
    Of,
    /// The chance of each of them, or the true level, events included.
    Rate,
    /// What a price is applied to.
    Quantity,
    /// The price of a unit, in kroner.
    Price,
    /// What the price is multiplied by.
    Times,
    /// Whether the term's condition is met.
    Condition,
    /// Money.
    Amount,
    /// What is left of a limit before it acts.
    Headroom,
    /// What is presented to a limit.
    Presented,
    /// What it lets through.
    Passed,
    /// What it does not.
    Excess,
    /// What is left of it.
    Left,
    /// What is still due before a payment.
    Due,
}

impl Measure {
    /// The name in files, the same in every language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Happens => "happens",
            Self::Value => "value",
            Self::Measured => "measured",
            Self::Of => "of",
            Self::Rate => "rate",
            Self::Quantity => "quantity",
            Self::Price => "price",
            Self::Times => "times",
            Self::Condition => "condition",
            Self::Amount => "amount",
            Self::Headroom => "headroom",
            Self::Presented => "presented",
            Self::Passed => "passed",
            Self::Excess => "excess",
            Self::Left => "left",
            Self::Due => "due",
        }
    }
}

/// Where a figure is read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    /// A real number.
    Number(Real),
    /// 0 or 1.
    Flag(Whole),
    /// A sum of people.
    People(Vec<Whole>),
    /// A measured level in 10⁻⁹, or nothing.
    Level(Whole),
    /// `Σ plus − Σ minus`, in øre.
    Ore { plus: Vec<Whole>, minus: Vec<Whole> },
}

impl Source {
    /// A single amount.
    pub(crate) fn ore(amount: Whole) -> Self {
        Self::Ore { plus: vec![amount], minus: Vec::new() }
    }

    /// The columns it is read from.
    fn columns(&self) -> Vec<Kept> {
        let of = |wholes: &[Whole]| -> Vec<Kept> {
            let column = |whole: &Whole| match whole {
                Whole::Column(column) => Some(Kept::Whole(*column)),
                Whole::Constant(_) => None,
            };
            wholes.iter().filter_map(column).collect()
        };
        match self {
            Self::Number(Real::Column(column)) => vec![Kept::Real(*column)],
            Self::Number(Real::Constant(_)) => Vec::new(),
            Self::Flag(whole) | Self::Level(whole) => of(&[*whole]),
            Self::People(people) => of(people),
            Self::Ore { plus, minus } => [of(plus), of(minus)].concat(),
        }
    }
}

/// A line of the ledger. What does not apply to it is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Position of the investment; factors and events belong to all.
    pub(crate) investment: Option<usize>,
    pub(crate) step: Step,
    /// The id or name of the input, outcome, term, limit or fund.
    pub(crate) item: String,
    /// Position of the intake.
    pub(crate) intake: Option<usize>,
    /// Position of the measuring point.
    pub(crate) point: Option<usize>,
    /// When it is measured, due, or paid.
    pub(crate) date: Option<Date>,
    /// Of what a limit is presented again: when it was first presented.
    pub(crate) since: Option<Date>,
    /// Position of the party.
    pub(crate) party: Option<usize>,
    /// The party's budget year.
    pub(crate) year: Option<i16>,
    pub(crate) figures: Vec<(Measure, Source)>,
}

impl Line {
    /// A line about something, without figures.
    pub(crate) fn new(step: Step, item: &(impl ToString + ?Sized)) -> Self {
        Self {
            investment: None,
            step,
            item: item.to_string(),
            intake: None,
            point: None,
            date: None,
            since: None,
            party: None,
            year: None,
            figures: Vec::new(),
        }
    }

    /// Adds a figure.
    pub(crate) fn figure(mut self, measure: Measure, source: Source) -> Self {
        self.figures.push((measure, source));
        self
    }

    /// What the line is about.
    #[must_use]
    pub fn step(&self) -> Step {
        self.step
    }

    /// The id or name of the input, outcome, term, limit or fund.
    #[must_use]
    pub fn item(&self) -> &str {
        &self.item
    }

    /// Position of the investment in the scenario; `None` for factors and events.
    #[must_use]
    pub fn investment(&self) -> Option<usize> {
        self.investment
    }

    /// Position of the party in ascending order, for money of one party.
    #[must_use]
    pub fn party(&self) -> Option<usize> {
        self.party
    }

    /// The party's budget year.
    #[must_use]
    pub fn year(&self) -> Option<i16> {
        self.year
    }

    /// When it is measured, due, or paid.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        self.date
    }

    /// The columns of what it ends in: the last figure, which the others lead to.
    pub(crate) fn result(&self) -> impl Iterator<Item = Kept> {
        self.figures.last().into_iter().flat_map(|(_, source)| source.columns())
    }

    /// The columns its figures are read from.
    pub(crate) fn columns(&self) -> impl Iterator<Item = Kept> {
        self.figures.iter().flat_map(|(_, source)| source.columns())
    }
}

/// Takes down lines while a scenario is compiled; or nothing, when no ledger is asked for.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    lines: Option<Vec<Line>>,
    investment: Option<usize>,
    /// What moves money now: a date, and the id of a term, limit or fund.
    turn: Option<(Date, String)>,
}

impl Journal {
    /// A journal that takes down what it is told, or one that does not.
    pub(crate) fn new(open: bool) -> Self {
        Self { lines: open.then(Vec::new), ..Self::default() }
    }

    /// Whether it takes anything down.
    pub(crate) fn is_open(&self) -> bool {
        self.lines.is_some()
    }

    /// An empty journal for the same investment, to be joined later.
    pub(crate) fn fork(&self) -> Self {
        Self { investment: self.investment, ..Self::new(self.is_open()) }
    }

    /// Lines from now on belong to an investment.
    pub(crate) fn begin(&mut self, investment: usize) {
        self.investment = Some(investment);
    }

    /// Money that moves from now on is moved by `item` on a date.
    pub(crate) fn turn(&mut self, date: Date, item: &impl ToString) {
        if self.is_open() {
            self.turn = Some((date, item.to_string()));
        }
    }

    /// Takes down a line; nothing is made of it in a closed journal.
    pub(crate) fn write(&mut self, line: impl FnOnce() -> Line) {
        if let Some(lines) = &mut self.lines {
            lines.push(Line { investment: self.investment, ..line() });
        }
    }

    /// Takes down a line that belongs to all investments, once.
    pub(crate) fn write_shared(&mut self, line: impl FnOnce() -> Line) {
        if let Some(lines) = &mut self.lines {
            let line = line();
            if !lines.iter().any(|known| known.step == line.step && known.item == line.item) {
                lines.push(line);
            }
        }
    }

    /// Takes down money that moves, by what has its turn.
    pub(crate) fn moves(&mut self, flow: Flow, party: usize, year: i16, amount: Whole) {
        if let (Some(_), Some((date, item))) = (&self.lines, self.turn.clone()) {
            self.write(|| {
                let line = Line::new(Step::Flow(flow), &item).figure(Measure::Amount, Source::ore(amount));
                Line { date: Some(date), party: Some(party), year: Some(year), ..line }
            });
        }
    }

    /// Appends the lines of another journal.
    pub(crate) fn join(&mut self, other: Self) {
        if let (Some(lines), Some(more)) = (&mut self.lines, other.lines) {
            lines.extend(more);
        }
    }

    /// All lines.
    pub(crate) fn into_lines(self) -> Vec<Line> {
        self.lines.unwrap_or_default()
    }
}
