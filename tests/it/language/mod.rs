//! Constructs of the contract language, one file each: amounts worked out by hand, and closed forms under chance.

mod conditions;
mod events;
mod formulas;
mod groups;
mod known;
mod ladder;
mod multipliers;
mod noise;
mod readings;

use udfald::engine::grid::Flow;

use crate::closed_forms::{Figure, check};
use crate::support::{counts, model, run_here, year};

/// A contract of one payer around a body; `a` is the term or terms in it.
fn scenario(body: &str) -> String {
    format!(
        "udfald = 1\ninvestment = \"x\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2030-12-31\n\
         assumed = \"a test\"\n[party]\npayer = {{}}\n[payment]\npaid_by = \"payer\"\n{body}"
    )
}

/// What is paid in each of the years from 2026 on, in øre, in a contract without chance.
fn paid<const YEARS: usize>(body: &str) -> [i64; YEARS] {
    let model = model(&scenario(body));
    let results = run_here(&model, 3, 1);
    std::array::from_fn(|index| {
        let label = (2026 + index).to_string();
        match results.cell("all", "payer", &label) {
            None => 0,
            Some(_) => match counts(&year(&results, "payer", &label, Flow::Payment)).as_slice() {
                [(ore, 3)] => *ore,
                other => panic!("chance: {other:?}"),
            },
        }
    })
}
