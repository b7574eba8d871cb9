//! The words of the contract language that the solver knows.
//!
//! Every part of the checked model is taken apart here field by field: a new word does not compile until someone has
//! decided whether the solver knows it, or refuses it with a reason. New kinds of outcomes, prices, excesses, windows and
//! promises do not compile where they are used.

use super::reach::OutOfReach;
use crate::dist::Distribution;
use crate::scenario::model::{
    AtMost, Cell, Cohort, Correlation, Event, Excess, Exposure, Fund, Groups, Input, InputKind, Investment,
    Limit, Multiplier, Noise, Outcome, OutcomeKind, Pays, Per, Reading, Shift, Split, Stop, Term, To,
};
use crate::scenario::name::Name;

/// Refuses what the solver does not know.
pub(super) fn every_word(investment: &Investment) -> Result<(), OutOfReach> {
    let Investment {
        id: _,
        title: _,
        starts: _,
        ends: _,
        inputs,
        correlations,
        stops,
        cohort: Cohort { people: _, intakes: _, shares: _, groups, alike: _, span: _ },
        outcomes,
        terms,
        limits,
        funds,
        cases: _,
        budgets: _,
        ids: _,
        span: _,
    } = investment;
    if let Some(Correlation { name, inputs: _, copula: _, span }) = correlations.first() {
        let why = "its inputs hang together by a correlation; factors are integrated, correlations are not";
        return Err(OutOfReach::new(format!("correlation `{name}`"), why, span));
    }
    if let Some(Stop { event, on: _, what: _ }) = stops.first() {
        let why = "it ends a part of the contract early";
        return Err(OutOfReach::new(format!("event `{event}`"), why, &investment.span));
    }
    groups.iter().for_each(|Groups { names: _, shares: _ }| ());
    for Input { name, kind, loads: _, shifts, each_intake: _, class: _, of: _, behind: _, stream: _, span } in
        inputs
    {
        if let InputKind::Random(law) = kind
            && let Distribution::Mixture(_) = law.distribution()
        {
            let why = "it is one of several distributions, whose quantile may jump";
            return Err(OutOfReach::new(format!("input `{name}`"), why, span));
        }
        for Shift { event, effect: _, intakes: _, exposure } in shifts {
            if *exposure == Exposure::Day {
                let why = format!("event `{event}` counts by its strength on the day of measuring");
                return Err(OutOfReach::new(format!("input `{name}`"), why, span));
            }
        }
    }
    for Outcome { name, of: _, kind, points: _, ladder: _, clustering, bias, round_to, cells, span } in
        outcomes
    {
        let refuse = |why: &str| Err(OutOfReach::new(format!("outcome `{name}`"), why, span));
        if let OutcomeKind::Formula(_) = kind {
            return refuse("it is a formula of what others bring together");
        }
        if let OutcomeKind::PeopleWith(_) | OutcomeKind::Each(_) | OutcomeKind::Stays(_) = kind {
            return refuse("it asks for single persons");
        }
        if clustering.is_some() || bias.is_some() {
            return refuse("people are alike, or it is measured with a bias");
        }
        if let OutcomeKind::Level { noise: Some(Noise { shared: Some(_), .. }), .. } = kind {
            return refuse("it shares the draw of its comparison group");
        }
        if round_to.is_some() {
            return refuse("it is rounded to a step of its own");
        }
        cells.iter().for_each(|Cell { intake: _, point: _, measured: _, parent: _ }| ());
    }
    for term in terms {
        let Term {
            id,
            outcome: _,
            price: _,
            readings,
            pays,
            payers: _,
            splits,
            to,
            two_sided,
            whole_kroner: _,
            account: _,
            span,
        } = term;
        let refuse = |why: &str| Err(OutOfReach::new(format!("term `{id}`"), why, span));
        if *pays != Pays::InFull {
            return refuse("it pays the increase since earlier readings");
        }
        if *to != To::Funds {
            return refuse("it is paid to one fund or party");
        }
        if *two_sided {
            return refuse("its amounts may be negative");
        }
        for Reading { cells: _, measured: _, due: _, paid: _, times, when } in readings {
            let Multiplier { fixed: _, uncertain: _ } = times;
            if when.is_some() {
                return refuse("it is paid only when a test holds");
            }
        }
        splits.iter().for_each(|Split { until: _, payers: _, shares: _ }| ());
    }
    every_word_of_limits(limits)?;
    every_word_of_funds(funds)
}

fn every_word_of_limits(limits: &[Limit]) -> Result<(), OutOfReach> {
    for Limit { id, terms: _, payer: _, per, at_most, excess, at_least, span } in limits {
        let refuse = |why: &str| Err(OutOfReach::new(format!("limit `{id}`"), why, span));
        if *per == Per::Person {
            return refuse("it counts what each person brings in");
        }
        match at_most {
            AtMost::Open | AtMost::Amount(_) | AtMost::ByYear(_) => {}
            AtMost::Due { .. } => return refuse("it lets through what is still due to a fund"),
            AtMost::Share { .. } => return refuse("it lets through a share of other terms"),
        }
        if at_least.is_some() {
            return refuse("it has a floor");
        }
        if let Excess::Passes(_) = excess {
            return refuse("a part of its excess passes");
        }
    }
    Ok(())
}

fn every_word_of_funds(funds: &[Fund]) -> Result<(), OutOfReach> {
    for fund in funds {
        let Fund {
            id,
            party: _,
            amount: _,
            drawn: _,
            repayable: _,
            rank: _,
            return_cap: _,
            returns_surplus,
            guarantee,
            span,
        } = fund;
        let refuse = |why: &str| Err(OutOfReach::new(format!("fund `{id}`"), why, span));
        if guarantee.is_some() {
            return refuse("it is guaranteed");
        }
        if *returns_surplus {
            return refuse("it gives back what is above its return cap");
        }
        if funds.iter().filter(|fund| fund.repayable).count() > 1 {
            return refuse("several funds are repaid");
        }
    }
    Ok(())
}

/// An event is a date, a chance and loadings.
///
/// # Errors
/// When it comes or fades by and by.
pub(super) fn known_event(name: &Name, event: &Event) -> Result<(), OutOfReach> {
    let Event { chance: _, course, loads: _, class: _, span } = event;
    if course.is_plain() {
        return Ok(());
    }
    Err(OutOfReach::new(format!("event `{name}`"), "it comes or fades by and by", span))
}

/// Noise is a spread, people and whom they are compared with.
pub(super) fn known_noise(Noise { sd: _, people: _, against: _, shared: _ }: &Noise) {}
