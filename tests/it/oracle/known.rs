//! The exact solver against closed forms and against special programs.

use std::path::Path;

use udfald::exact::{Answer, Detail, Distribution, Effort, Figure, Flow, solve};
use udfald::scenario::load;
use udfald::scenario::model::Scenario;
use udfald::scenario::name::Id;

use crate::exact::g1;

/// Exact figures of the only investment.
fn answer(scenario: &Scenario, detail: Detail) -> Answer {
    let effort = Effort { detail, ..Effort::default() };
    solve(scenario, &scenario.investments()[0], effort).unwrap_or_else(|why| panic!("{why}"))
}

fn flow<'a>(answer: &'a Answer, flow: Flow, party: &str, year: Option<i16>) -> &'a Distribution {
    let party = (party != "all").then(|| Id::new(party).unwrap());
    &answer.figures[&Figure::Flow(flow, party, year)]
}

fn close(found: f64, exact: f64, error: f64) {
    assert!((found - exact).abs() <= error, "{found} {exact}");
}

#[test]
fn g1_has_its_published_figures() {
    let scenario = load(Path::new("scenarios/gallery/g1-quarterly-cap.toml")).unwrap();
    let answer = answer(&scenario, Detail::Totals);
    let special = crate::exact::solve(&g1());
    for (payer, mean) in ["municipality", "region", "foundation"].into_iter().zip(&special.payers) {
        close(flow(&answer, Flow::Payment, payer, None).mean() / 100.0, *mean, 1e-4);
    }
    let happens = |limit: &str| answer.figures[&Figure::Limit(limit.to_owned())].probability(1);
    close(happens("quarter"), special.quarter_cuts, 1e-9);
    close(happens("lifetime"), special.lifetime_cuts, 1e-9);
    close(happens("region") + happens("foundation"), 0.0, 0.0);
}
