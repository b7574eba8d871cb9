//! Money put in against what can come back.

use super::{Found, Rule, kroner};
use crate::engine::grid::{Cell, Flow, Pick};
use crate::engine::model::Model;
use crate::money::Ore;
use crate::scenario::model::Fund;

/// Proven from the terms.
pub(super) const PRINCIPAL_OUT_OF_REACH: Rule = Rule {
    id: "principal-out-of-reach",
    looks_for: "limits and prices under which the principal cannot be repaid, even if every goal is reached",
    why: "the investor loses in every course; usually a limit, a price or the number of people has a digit too few",
    fix: "raise the limits or prices, or say what is not to be repaid as a fund of its own with `repaid = \"never\"`",
    find: principal_out_of_reach,
};

/// Proven from the terms.
pub(super) const RETURN_CAP_IDLE: Rule = Rule {
    id: "return-cap-idle",
    looks_for: "a return cap above anything the payers can owe",
    why: "it is part of the contract's promise to the public, and it can never act",
    fix: "lower the return cap, or leave it out if the payers' limits are meant to do its work",
    find: return_cap_idle,
};

/// Proven from the terms.
pub(super) const LIMITS_ABOVE_RETURN_CAP: Rule = Rule {
    id: "limits-above-return-cap",
    looks_for: "payers' limits that add up to more than the return cap lets through, by a tenth or more",
    why: "a payer who appropriates up to its limit sets aside money that can never all be asked for",
    fix: "budget from the contractual maximum (`contract_max`), not from the limits, or lower the limits",
    find: limits_above_return_cap,
};

/// The most that can come back from an investment with its return cap, and without any (øre).
#[derive(Debug)]
pub(super) struct Receipts {
    investment: usize,
    with: Ore,
    without: Ore,
}

fn principal_out_of_reach(model: &Model, found: &mut Found<'_>) {
    let most = receipts(model, 0..model.scenario().investments.len());
    for (investment, most) in model.scenario().investments.iter().zip(most) {
        let (principal, _) = investment.funding();
        if principal > 0 && most < principal {
            let title = format!("`{}` cannot repay what is put in", investment.id);
            let label = format!("{} put in, at most {} can come back", kroner(principal), kroner(most));
            found.at(&repayable(&investment.funds).span, title, label);
        }
    }
}

fn return_cap_idle(model: &Model, found: &mut Found<'_>) {
    for (with, without, fund) in capped_funds(model, found) {
        if with == without {
            let title = format!("the return cap of fund `{}` can never cut", fund.id);
            found.at(&fund.span, title, format!("the payers can owe at most {}", kroner(without)));
        }
    }
}

fn limits_above_return_cap(model: &Model, found: &mut Found<'_>) {
    for (with, without, fund) in capped_funds(model, found) {
        if without > with && (without - with) * 10 >= with {
            let title = format!("the payers' limits allow more than the return cap of fund `{}`", fund.id);
            let label =
                format!("{} under the limits, at most {} under the cap", kroner(without), kroner(with));
            found.at(&fund.span, title, label);
        }
    }
}

/// The most each fund with a return cap can receive, with it and without.
fn capped_funds<'m>(model: &'m Model, found: &Found<'_>) -> Vec<(Ore, Ore, &'m Fund)> {
    let receipts = found.receipts.get_or_init(|| receipts_of_capped(model));
    let of = |both: &Receipts| Some((both.with, both.without, with_cap(model, both.investment)?));
    receipts.iter().filter_map(of).collect()
}

/// What comes back from investments at most (øre).
fn receipts(model: &Model, investments: impl IntoIterator<Item = usize>) -> Vec<Ore> {
    let of = |index| Cell { investment: Pick::One(index), party: Pick::All, year: Pick::All };
    let cells: Vec<_> = investments.into_iter().map(of).collect();
    model.contract_maxima(&cells, Flow::Receipt)
}

/// What comes back from investments with a return cap.
fn receipts_of_capped(model: &Model) -> Vec<Receipts> {
    let mut free = model.scenario().clone();
    free.investments.iter_mut().flat_map(|i| &mut i.funds).for_each(|fund| fund.return_cap = None);
    // The same terms without a ceiling can leave the exact range; then nothing is said.
    let Ok(free) = Model::new(free) else { return Vec::new() };
    let capped = (0..model.scenario().investments.len()).filter(|index| with_cap(model, *index).is_some());
    let capped: Vec<_> = capped.collect();
    let [with, without] = [model, &free].map(|model| receipts(model, capped.iter().copied()));
    let all = capped.into_iter().zip(with).zip(without);
    all.map(|((investment, with), without)| Receipts { investment, with, without }).collect()
}

/// The first fund of an investment that has a return cap.
fn with_cap(model: &Model, investment: usize) -> Option<&Fund> {
    model.scenario().investments[investment].funds.iter().find(|fund| fund.return_cap.is_some())
}

/// The first fund that is to be repaid; an investment with a principal has one.
fn repayable(funds: &[Fund]) -> &Fund {
    funds.iter().find(|fund| fund.repayable).unwrap_or(&funds[0])
}
