//! `udfald check`: what is wrong with a scenario or suspicious in it, and what would run.

use std::path::PathBuf;

use clap::Args;

use super::console::Console;
use super::failure::{Failure, Status};
use super::load::Loaded;
use crate::dependence::Family;
use crate::lint::{self, Rule, kroner};
use crate::scenario::model::{AtLeast, AtMost, Behind, Excess, Input, Investment, Limit};

/// Pairs of a correlation that are told one by one.
const MOST_PAIRS: usize = 20;

/// Check a scenario without simulating it
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The scenario file
    #[arg(required_unless_present = "explain")]
    scenario: Option<PathBuf>,
    /// Explain a rule of the lint by its id, or `all` rules, and check nothing
    #[arg(long, value_name = "ID", conflicts_with_all = ["scenario", "plan"])]
    explain: Option<String>,
    /// Print the plan: every operation that runs, with the range and the origin of what it computes
    #[arg(long)]
    plan: bool,
}

impl Check {
    pub(super) fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        if let Some(id) = &self.explain {
            console.print(&explain(id)?)?;
            return Ok(Status::Done);
        }
        let path = self.scenario.as_deref().unwrap_or(std::path::Path::new(""));
        let loaded = Loaded::from_disk(path)?;
        let warnings = lint::shown_with(loaded.warnings.list(), &loaded.model);
        if !warnings.is_empty() {
            console.print(&format!("{warnings}\n\n"))?;
        }
        let warnings = match warnings.list().len() {
            0 => String::new(),
            count => format!(", {count} warning(s)"),
        };
        console.print(&format!("{}: no errors{warnings}\n", path.display()))?;
        for investment in &loaded.model.scenario().investments {
            console.print(&behind(investment))?;
            console.print(&together(investment))?;
            console.print(&order_of_limits(investment))?;
            console.print(&known_as(investment))?;
        }
        if self.plan {
            console.print(&format!("\n{}", loaded.model.compiled().plan))?;
        }
        Ok(Status::Done)
    }
}

/// What a rule looks for, why, and what to do; all rules for `all`.
fn explain(id: &str) -> Result<String, Failure> {
    let text = |rule: &Rule| {
        format!(
            "{}\n  Looks for {}.\n  Why: {}.\n  What to do: {}.\n",
            rule.id, rule.looks_for, rule.why, rule.fix
        )
    };
    if id == "all" {
        return Ok(lint::RULES.iter().map(text).collect::<Vec<_>>().join("\n"));
    }
    let ids = lint::RULES.iter().map(|rule| rule.id);
    lint::rule(id).map(text).ok_or_else(|| {
        let ids = ids.collect::<Vec<_>>().join(", ");
        Failure::invalid(anyhow::anyhow!("there is no rule `{id}`; the rules are: {ids}"))
    })
}

/// What inputs were computed from: fitted quantiles, and studies.
fn behind(investment: &Investment) -> String {
    let told = |input: &Input| {
        let told = match input.behind()? {
            Behind::Fit(fit) => {
                let one = |(p, asked, found): &(f64, f64, f64)| {
                    format!("P{} {} for {}", p * 100.0, short(*found), short(*asked))
                };
                let points: Vec<_> = fit.points.iter().map(one).collect();
                format!(
                    "fitted: {} (off by {:.1} percentage points at most)",
                    points.join(", "),
                    fit.misfit() * 100.0
                )
            }
            Behind::Evidence(study) => {
                let (mean, sd) = study.forecast();
                let found = format!(
                    "the study found {} (standard error {})",
                    short(study.effect),
                    short(study.error)
                );
                let usual = study.usual.map_or_else(String::new, |(mean, sd)| {
                    let weight = 100.0 * study.weight();
                    format!(", usual is {} ± {}, so it counts {weight:.0} %", short(mean), short(sd))
                });
                let elsewhere = if study.elsewhere > 0.0 {
                    format!(", places differ by ± {}", short(study.elsewhere))
                } else {
                    String::new()
                };
                format!("{found}{usual}{elsewhere}: here {} ± {}", short(mean), short(sd))
            }
        };
        Some(format!("{}: input {}: {told}\n", investment.id(), input.name()))
    };
    investment.inputs().iter().filter_map(told).collect()
}

/// A number with four significant digits.
fn short(value: f64) -> String {
    let digits = 3 - if value == 0.0 { 0 } else { libm::log10(value.abs()).floor() as i32 };
    let text = format!("{value:.*}", digits.max(0) as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Inputs that hang together, with the rank correlation of each pair.
fn together(investment: &Investment) -> String {
    let mut text = String::new();
    for group in investment.correlations() {
        let copula = group.copula();
        let extremes = match copula.family() {
            Family::Gaussian => String::new(),
            Family::Student(degrees) => {
                format!(", extremes together (t copula, {} degrees of freedom)", degrees.get())
            }
        };
        text += &format!("{}: correlation {}{extremes}\n", investment.id(), group.name());
        let names: Vec<&str> = investment.names_of(group).collect();
        for (i, j) in copula.asked().pairs().take(MOST_PAIRS) {
            let (asked, used) = (copula.asked().at(i, j), copula.used().at(i, j));
            let instead =
                if (asked - used).abs() > 0.005 { format!("; {used:.2} is used") } else { String::new() };
            text += &format!("      {} with {}: rank correlation {asked}{instead}\n", names[i], names[j]);
        }
        let more = copula.asked().pairs().count().saturating_sub(MOST_PAIRS);
        if more > 0 {
            text += &format!("      and {more} more pairs\n");
        }
    }
    text
}

/// The limits of an investment in the order in which they act on one date.
fn order_of_limits(investment: &Investment) -> String {
    let mut caps: Vec<_> = investment.funds.iter().filter(|fund| fund.return_cap.is_some()).collect();
    caps.sort_by_key(|fund| (fund.rank, &fund.id));
    if investment.limits.is_empty() && caps.is_empty() {
        return format!("{}: no limits\n", investment.id);
    }
    let limits = investment.limits.iter().map(describe);
    let cap = caps.iter().map(|fund| format!("return cap of fund {}", fund.id));
    let numbered = (1..).zip(limits.chain(cap)).map(|(number, line)| format!("{number:>4}. {line}\n"));
    let title = format!("{}: on one date limits act in this order\n", investment.id);
    std::iter::once(title).chain(numbered).collect()
}

/// The ids under which an investment and its parts are known elsewhere.
fn known_as(investment: &Investment) -> String {
    let line = |(path, id): (&String, &String)| {
        let (of, register) = path.rsplit_once("ids.").unwrap_or(("", path));
        let of = format!("{} {}", investment.id(), of.trim_end_matches('.').replacen('.', " ", 1));
        format!("{} is {id} in the register {register}\n", of.trim_end())
    };
    investment.ids().iter().map(line).collect()
}

fn describe(limit: &Limit) -> String {
    let payer = limit.payer.as_ref().map(|payer| format!(", {payer}")).unwrap_or_default();
    let at_most = match &limit.at_most {
        AtMost::Amount(ore) => format!("at most {}", kroner(*ore)),
        AtMost::ByYear(years) => format!("at most {}", by_year(years)),
        AtMost::Open => "no ceiling".to_owned(),
        AtMost::Due { fund, .. } => format!("at most what is still due to fund {fund}"),
        AtMost::Share { share, .. } => format!("at most {share} of what it is compared with"),
    };
    let excess = match &limit.excess {
        Excess::Lost => "the rest is lost".to_owned(),
        Excess::Rolls => "the rest rolls".to_owned(),
        Excess::Passes(share) => format!("{share} of the rest passes"),
        Excess::FallsOn(payer) => format!("the rest falls on {payer}"),
    };
    let floor = match &limit.at_least {
        None => String::new(),
        Some(AtLeast::Amount(ore)) => format!("; at least {}", kroner(*ore)),
        Some(AtLeast::ByYear(years)) => format!("; at least {}", by_year(years)),
    };
    if limit.at_most == AtMost::Open {
        return format!("{} (per {}{payer}){floor}", limit.id, limit.per.word());
    }
    format!("{} (per {}{payer}): {at_most}; {excess}{floor}", limit.id, limit.per.word())
}

fn by_year(years: &std::collections::BTreeMap<i16, i64>) -> String {
    let years: Vec<_> = years.iter().map(|(year, ore)| format!("{year}: {}", kroner(*ore))).collect();
    years.join(", ")
}
