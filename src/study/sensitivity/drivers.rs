//! What makes the trials of a scenario differ: drivers that are independent of each other, and numbers by name.
//!
//! A driver is what a stream of random words moves: the own uniform of an input, a factor, an event, and all chance together.
//! Drivers are independent, whatever loads on what, so that total indices make sense of them. Named inputs that share a factor
//! are not; they are groups with it. Inputs of a correlation are drawn as one, and are one driver.

use std::collections::{BTreeMap, BTreeSet};

use crate::dist::{Law as _, Tails};
use crate::draw::address::{Address, Kind};
use crate::engine::ledger::Step;
use crate::engine::probe::{Drawn, Probe};
use crate::scenario::model::{Class, Input, InputKind, Scenario};

/// What a driver is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The own uniform of an input.
    Input,
    /// Inputs that hang together by a correlation, drawn as one.
    Correlation,
    /// A common factor.
    Factor,
    /// An event.
    Event,
    /// Which people succeed, and noise of measurement: all chance together.
    Chance,
}

impl Origin {
    /// The word in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Correlation => "correlation",
            Self::Factor => "factor",
            Self::Event => "event",
            Self::Chance => "chance",
        }
    }
}

/// A source of randomness that is independent of all others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Driver {
    /// What it is.
    pub origin: Origin,
    /// `social-referrals.wellbeing_rate`, `labour_market`, `spending_ceiling`, `chance`.
    pub name: String,
    /// Whether it is a shock; chance is not.
    pub shock: bool,
}

/// Drivers that together are independent of the rest: inputs with the factors they load on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its factors, joined by ` + `.
    pub name: String,
    /// Positions of its drivers.
    pub members: Vec<usize>,
}

/// A number that can be held at a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// What it is; never chance.
    pub origin: Origin,
    /// Its name, as that of its driver.
    pub name: String,
    /// Its position among the drawn numbers of the probe.
    pub(crate) drawn: usize,
    /// Its values at its P10 and P90: those of the distribution; scores of a factor; 0 and 1 of an event.
    pub ends: [f64; 2],
}

const EVENT: &str = "event.";

/// Which driver an address belongs to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    /// The correlation of an address, by names.
    together: BTreeMap<String, String>,
}

impl Keys {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let mut together = BTreeMap::new();
        for investment in &scenario.investments {
            for correlation in &investment.correlations {
                let path = format!("{}.{}", investment.id, correlation.name);
                let inputs = correlation.inputs.iter().map(|input| &investment.inputs[*input].stream);
                together.extend(inputs.map(|stream| (format!("{}.{stream}", investment.id), path.clone())));
                together.insert(format!("{path}.scale"), path);
            }
        }
        Self { together }
    }

    /// The driver of an address: what it is, and its name.
    pub(crate) fn of(&self, address: &Address) -> (Origin, String) {
        match address.kind {
            Kind::Chance => (Origin::Chance, "chance".to_owned()),
            Kind::Input => match self.together.get(&address.name) {
                Some(path) => (Origin::Correlation, path.clone()),
                None => (Origin::Input, address.name.clone()),
            },
            Kind::Factor => match address.name.strip_prefix(EVENT) {
                Some(event) => (Origin::Event, event.to_owned()),
                None => (Origin::Factor, address.name.clone()),
            },
        }
    }
}

/// Every driver of a scenario, inputs first, chance last.
pub(crate) fn drivers(scenario: &Scenario, probe: &Probe) -> Vec<Driver> {
    let keys = Keys::new(scenario);
    let keys: BTreeSet<(Origin, String)> = probe.addresses().iter().map(|address| keys.of(address)).collect();
    let driver = |(origin, name): (Origin, String)| {
        let shock = class(scenario, origin, &name) == Some(Class::Shock);
        Driver { origin, name, shock }
    };
    keys.into_iter().map(driver).collect()
}

fn class(scenario: &Scenario, origin: Origin, name: &str) -> Option<Class> {
    match origin {
        Origin::Chance => None,
        Origin::Input => inputs(scenario).find(|(stream, _)| stream == name).map(|(_, input)| input.class),
        Origin::Correlation => scenario
            .investments
            .iter()
            .flat_map(|i| i.correlations.iter().map(move |correlation| (i, correlation)))
            .find(|(i, correlation)| format!("{}.{}", i.id, correlation.name) == name)
            .and_then(|(i, correlation)| Some(i.inputs.get(*correlation.inputs.first()?)?.class)),
        Origin::Factor => {
            scenario.factors.iter().find(|(known, _)| known.as_str() == name).map(|(_, f)| f.class)
        }
        Origin::Event => {
            scenario.events.iter().find(|(known, _)| known.as_str() == name).map(|(_, e)| e.class)
        }
    }
}

/// Inputs by the path of their stream.
fn inputs(scenario: &Scenario) -> impl Iterator<Item = (String, &Input)> {
    let of = |i: &'_ crate::scenario::model::Investment| i.id.to_string();
    scenario
        .investments
        .iter()
        .flat_map(move |i| i.inputs.iter().map(move |input| (format!("{}.{}", of(i), input.stream), input)))
}

/// Groups of drivers that factors tie together.
pub(crate) fn groups(scenario: &Scenario, drivers: &[Driver]) -> Vec<Group> {
    let factors = |driver: &Driver| -> Vec<String> {
        let loads = match driver.origin {
            Origin::Input => {
                inputs(scenario).find(|(stream, _)| *stream == driver.name).map(|(_, i)| &i.loads)
            }
            Origin::Event => scenario
                .events
                .iter()
                .find(|(known, _)| known.as_str() == driver.name)
                .map(|(_, event)| &event.loads),
            Origin::Factor => return vec![driver.name.clone()],
            Origin::Chance | Origin::Correlation => None,
        };
        loads.into_iter().flatten().map(|(factor, _)| factor.to_string()).collect()
    };
    let mut found: Vec<(BTreeSet<String>, Vec<usize>)> = Vec::new();
    for (index, driver) in drivers.iter().enumerate() {
        let mut own: BTreeSet<String> = factors(driver).into_iter().collect();
        if own.is_empty() {
            continue;
        }
        let mut members = vec![index];
        found.retain(|(theirs, others)| {
            let apart = theirs.is_disjoint(&own);
            if !apart {
                own.extend(theirs.iter().cloned());
                members.extend(others);
            }
            apart
        });
        members.sort_unstable();
        found.push((own, members));
    }
    let groups = found.into_iter().filter(|(_, members)| members.len() > 1);
    groups
        .map(|(factors, members)| Group {
            name: factors.into_iter().collect::<Vec<_>>().join(" + "),
            members,
        })
        .collect()
}

/// Every number that can be held: random inputs, factors and events.
pub(crate) fn numbers(scenario: &Scenario, probe: &Probe) -> Vec<Number> {
    let number = |(drawn, line): (usize, &Drawn)| -> Option<Number> {
        let named = |origin, name: String, ends| Some(Number { origin, name, drawn, ends });
        match line.step() {
            Step::Factor => named(
                Origin::Factor,
                line.name().to_owned(),
                [0.1, 0.9].map(|p| Tails::from_lower(p).score()),
            ),
            Step::Event => named(Origin::Event, line.name().to_owned(), [0.0, 1.0]),
            _ => {
                let investment = scenario.investments.get(line.investment()?)?;
                let input = investment.inputs.iter().find(|i| i.name.as_str() == line.name())?;
                let InputKind::Random(law) = &input.kind else { return None };
                let ends = [0.1, 0.9].map(|p| law.quantile(Tails::from_lower(p)));
                named(Origin::Input, format!("{}.{}", investment.id, input.name), ends)
            }
        }
    };
    let found = probe.drawn().iter().enumerate().filter_map(number);
    found.filter(|number| number.ends[0] < number.ends[1]).collect()
}

/// The value of a number at a quantile of its distribution; inputs only.
pub(crate) fn value_at(scenario: &Scenario, number: &Number, level: f64) -> Option<f64> {
    let (investment, name) = number.name.split_once('.')?;
    let investment = scenario.investments.iter().find(|i| i.id.as_str() == investment)?;
    let input = investment.inputs.iter().find(|i| i.name.as_str() == name)?;
    match &input.kind {
        InputKind::Random(law) if number.origin == Origin::Input => {
            Some(law.quantile(Tails::from_lower(level)))
        }
        _ => None,
    }
}
