//! Laws of contracts, over contracts made up from a seed: one course each, without chance.

use std::collections::BTreeMap;

use udfald::engine::grid::Flow;

use super::contract::{Contract, Excess, Limit, Ore, Party, Per, Source};
use super::made_up::Words;
use crate::support::{model, run_here};

/// Every figure that is not zero, by flow, party and budget year.
type Figures = BTreeMap<(Flow, String, i16), Ore>;

const YEARS: std::ops::RangeInclusive<i16> = 2025..=2031;

/// The figures of the one course in which most people come and every goal is reached.
fn figures(contract: &Contract) -> Figures {
    let model = model(&contract.toml());
    let results = run_here(&model, 1, 1);
    let mut found = Figures::new();
    for party in &contract.parties {
        for year in YEARS {
            let Some(cell) = results.cell("made-up", &party.id, &year.to_string()) else { continue };
            for flow in Flow::ALL {
                let amount = results.summary(cell, flow).unwrap().max();
                if amount != 0 {
                    found.insert((flow, party.id.clone(), year), amount);
                }
            }
        }
    }
    found
}

/// Contracts of one course each.
fn contracts(seed: u64) -> impl Iterator<Item = Contract> {
    let mut words = Words(seed);
    std::iter::repeat_with(move || {
        let mut contract = words.contract();
        contract.people[0] = contract.people[1];
        for term in &mut contract.terms {
            if let Source::People { coin, .. } = &mut term.source {
                *coin = None;
            }
        }
        contract.plain();
        contract
    })
}

impl Contract {
    /// Takes out what the laws do not hold for: signs, ceilings that move, excess that passes in part, floors,
    /// other payers later.
    fn plain(&mut self) {
        self.limits.retain(|limit| {
            limit.moving.is_none() && !limit.open && !matches!(limit.excess, Excess::Passes(_))
        });
        self.limits.iter_mut().for_each(|limit| limit.at_least = None);
        (self.second, self.guarantee, self.returns_surplus) = (None, None, false);
        self.order_is_said = self.order_is_said || !self.sort_limits();
        for term in &mut self.terms {
            term.splits.drain(..term.splits.len() - 1);
            term.two_sided = false;
            term.to = None;
            match &mut term.source {
                Source::Fixed(amounts) => amounts.iter_mut().for_each(|(_, ore)| *ore = ore.abs()),
                Source::People { price, .. } => *price = price.abs(),
            }
        }
    }
}

fn paid(figures: &Figures, party: Option<&str>, year: Option<i16>) -> Ore {
    let of = |(flow, who, when): &(Flow, String, i16)| {
        *flow == Flow::Payment && party.is_none_or(|id| id == who) && year.is_none_or(|year| year == *when)
    };
    figures.iter().filter(|(at, _)| of(at)).map(|(_, amount)| amount).sum()
}

/// What a party has paid by the end of each year.
fn cumulative(figures: &Figures, party: &str) -> Vec<Ore> {
    let mut sum = 0;
    let by = |year| {
        sum += paid(figures, Some(party), Some(year));
        sum
    };
    YEARS.map(by).collect()
}

#[test]
fn payments_never_exceed_a_limit_that_covers_them() {
    let mut held = 0;
    for contract in contracts(11).take(300) {
        let found = figures(&contract);
        for (index, limit) in contract.limits.iter().enumerate() {
            // What rolls out of a later limit is presented there again, in another year, not at this one.
            let rolls_later = contract.limits[index + 1..].iter().any(|later| later.excess == Excess::Rolls);
            if limit.terms.len() < contract.terms.len() || rolls_later {
                continue;
            }
            let payer = limit.payer.map(|payer| contract.parties[payer].id.as_str());
            // What is above a limit of everyone falls on a payer and is paid, outside that limit.
            if payer.is_none() && matches!(limit.excess, Excess::FallsOn(_)) {
                continue;
            }
            // Without a payer a year is a calendar year, and a payer's budget years may be others.
            let windows: Vec<Option<i16>> = match (limit.per, payer) {
                (Per::Contract, _) => vec![None],
                (Per::Year, Some(_)) => YEARS.map(Some).collect(),
                _ => continue,
            };
            for window in windows {
                let by_year = limit.by_year.as_ref().zip(window);
                let most =
                    by_year.map_or(limit.at_most, |(by_year, year)| by_year.get(&year).copied().unwrap_or(0));
                let amount = paid(&found, payer, window);
                assert!(amount <= most, "{amount} over {most} of {}\n{}", limit.id, contract.toml());
                held += i32::from(amount == most && most > 0);
            }
        }
    }
    assert!(held > 40, "only {held} limits were reached");
}

/// Without return cap, rolling and excess that falls on others, and where limits over longer times come after those over
/// shorter ones: each can turn it round, as a limit counts what passes it and not what is paid in the end.
#[test]
fn raising_a_payers_cap_never_lowers_what_that_payer_has_paid_by_any_year() {
    let (mut raised, mut words) = (0, Words(3));
    for mut contract in contracts(12).take(400) {
        contract.cap = None;
        contract.limits.iter_mut().for_each(|limit| limit.excess = Excess::Lost);
        contract.limits.retain(|limit| limit.per != Per::Intake);
        contract.order_is_said = !contract.sort_limits();
        if contract.order_is_said {
            continue;
        }
        let before = figures(&contract);
        for index in 0..contract.limits.len() {
            let limit = &contract.limits[index];
            let all = limit.terms.len() == contract.terms.len();
            let (Some(payer), true) = (limit.payer, all) else { continue };
            let (id, more) = (contract.parties[payer].id.clone(), words.between(1, 3_000_000));
            let mut higher = contract.clone();
            higher.limits[index].at_most += more;
            if let Some(by_year) = &mut higher.limits[index].by_year {
                by_year.values_mut().for_each(|most| *most += more);
            }
            let (low, high) = (cumulative(&before, &id), cumulative(&figures(&higher), &id));
            assert!(low.iter().zip(&high).all(|(l, h)| l <= h), "{low:?} {high:?}\n{}", higher.toml());
            raised += i32::from(low != high);
        }
    }
    assert!(raised > 60, "only {raised} caps had an effect");
}

#[test]
fn k_times_the_money_is_k_times_every_figure_within_an_ore_per_rounding() {
    let (mut exact, mut all) = (0, 0);
    for contract in contracts(13).take(200) {
        let k = 7;
        let mut scaled = contract.clone();
        for term in &mut scaled.terms {
            match &mut term.source {
                Source::Fixed(amounts) => amounts.iter_mut().for_each(|(_, amount)| *amount *= k),
                Source::People { price, .. } => *price *= k,
            }
            term.whole_kroner = false;
        }
        for limit in &mut scaled.limits {
            limit.at_most *= k;
            limit.by_year.iter_mut().flat_map(BTreeMap::values_mut).for_each(|most| *most *= k);
        }
        scaled.drawn.iter_mut().for_each(|(_, amount)| *amount *= k);
        if let Some(super::contract::Cap::Amount(amount)) = &mut scaled.cap {
            *amount *= k;
        }
        let mut contract = contract;
        contract.terms.iter_mut().for_each(|term| term.whole_kroner = false);
        let (one, many) = (figures(&contract), figures(&scaled));
        // Three readings and three payers at most. Each amount is rounded when priced and split, and wherever a limit cuts it; an øre grows to k.
        let entries: usize = 9 * contract.terms.len();
        let places = entries * (contract.limits.len() + 3) * 4;
        for at in one.keys().chain(many.keys()) {
            let (a, b) = (one.get(at).copied().unwrap_or(0), many.get(at).copied().unwrap_or(0));
            assert!((k * a - b).abs() <= k * places as i64, "{at:?}: {a} {b}\n{}", contract.toml());
            exact += i32::from(k * a == b);
            all += 1;
        }
    }
    assert!(exact * 2 > all, "{exact} of {all} figures scale exactly");
}

#[test]
fn the_order_of_terms_that_share_no_limit_does_not_matter() {
    let mut compared = 0;
    for mut contract in contracts(14).take(300).filter(|contract| contract.terms.len() > 1) {
        contract.limits.retain(|limit| limit.terms.len() == 1);
        contract.order_is_said = false;
        if !contract.sort_limits() {
            continue;
        }
        let mut renamed = contract.clone();
        let n = renamed.terms.len();
        renamed.terms.iter_mut().enumerate().for_each(|(i, term)| term.id = format!("t{}", n - 1 - i));
        assert_eq!(figures(&contract), figures(&renamed), "{}", contract.toml());
        compared += 1;
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn a_limit_at_infinity_changes_nothing() {
    for (number, mut contract) in contracts(15).take(250).enumerate() {
        let before = figures(&contract);
        let payer = number.is_multiple_of(2).then_some(0);
        let per = [Per::Payment, Per::Quarter, Per::Year, Per::Contract][number % 4];
        let excess = if number.is_multiple_of(3) { Excess::Rolls } else { Excess::Lost };
        let terms = (0..contract.terms.len()).collect();
        let id = "infinite".to_owned();
        let limit = Limit {
            id,
            terms,
            payer,
            per,
            at_most: 1 << 46,
            by_year: None,
            at_least: None,
            open: false,
            moving: None,
            excess,
        };
        let at = if contract.order_is_said { number % (contract.limits.len() + 1) } else { 0 };
        contract.limits.insert(at, limit);
        contract.order_is_said = true;
        if !contract.gives_before_receives() {
            continue;
        }
        assert_eq!(before, figures(&contract), "{}", contract.toml());
    }
}

/// A payer's cap of m is the same money as a cap of part of m, with what is above falling on another up to the rest.
#[test]
fn a_tower_of_layers_equals_one_layer() {
    let mut reached = 0;
    for mut contract in contracts(16).take(300) {
        contract.cap = None;
        let own = contract.parties.len() - 1;
        let tower = contract.parties.len();
        contract.parties.push(Party { id: "upper".into(), begins: (1, 1), books_when_paid: false });
        contract.parties.swap(own, tower);
        let payer = 0;
        contract.parties[payer].begins = (1, 1);
        contract.parties[payer].books_when_paid = false;
        contract
            .limits
            .retain(|limit| limit.payer != Some(payer) && !matches!(limit.excess, Excess::FallsOn(_)));
        let most = figures(&contract)
            .iter()
            .filter(|((flow, id, _), _)| *flow == Flow::Payment && *id == contract.parties[payer].id)
            .map(|(_, amount)| amount)
            .sum::<Ore>()
            / 2;
        let terms: std::collections::BTreeSet<_> = (0..contract.terms.len()).collect();
        let layer = |id: &str, payer, at_most, excess| Limit {
            id: id.to_owned(),
            terms: terms.clone(),
            payer: Some(payer),
            per: Per::Contract,
            at_most,
            by_year: None,
            at_least: None,
            open: false,
            moving: None,
            excess,
        };
        let mut one = contract.clone();
        one.limits.push(layer("z0", payer, most, Excess::Lost));
        let mut two = contract;
        two.limits.push(layer("z0", payer, most / 3, Excess::FallsOn(own)));
        two.limits.push(layer("z1", own, most - most / 3, Excess::Lost));
        one.order_is_said = true;
        two.order_is_said = true;
        let (single, layers) = (figures(&one), figures(&two));
        let id = |contract: &Contract, party: usize| contract.parties[party].id.clone();
        for year in YEARS {
            let lower = paid(&layers, Some(&id(&two, payer)), Some(year));
            let upper = paid(&layers, Some(&id(&two, own)), Some(year));
            assert_eq!(lower + upper, paid(&single, Some(&id(&one, payer)), Some(year)), "{}", two.toml());
            reached += i32::from(upper > 0);
        }
    }
    assert!(reached > 100, "{reached}");
}
