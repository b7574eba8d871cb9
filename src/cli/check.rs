//! `udfald check`: what is wrong with a scenario or suspicious in it, and what would run.

use std::path::PathBuf;

use clap::Args;

use super::console::Console;
use super::failure::{Failure, Status};
use super::load::Loaded;
use crate::lint::{self, Rule, kroner};
use crate::scenario::model::{AtLeast, AtMost, Excess, Investment, Limit};

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
