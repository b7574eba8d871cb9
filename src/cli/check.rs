//! `udfald check`: what is wrong with a scenario or suspicious in it, and what would run.

use std::path::PathBuf;

use clap::Args;

use super::console::Console;
use super::failure::{Failure, Status};
use super::load::Loaded;
use crate::report::grouped;
use crate::scenario::diagnose::{Diagnostic, Diagnostics};
use crate::scenario::model::{AtMost, Excess, Investment, Limit};

/// Check a scenario without simulating it
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The scenario file
    scenario: PathBuf,
    /// Print the plan: every operation that runs, with the range and the origin of what it computes
    #[arg(long)]
    plan: bool,
}

impl Check {
    pub(super) fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        let loaded = Loaded::from_disk(&self.scenario)?;
        let warnings = with_idle_limits(&loaded);
        if !warnings.is_empty() {
            console.print(&format!("{warnings}\n\n"))?;
        }
        let warnings = match warnings.list().len() {
            0 => String::new(),
            count => format!(", {count} warning(s)"),
        };
        console.print(&format!("{}: no errors{warnings}\n", self.scenario.display()))?;
        for investment in &loaded.model.scenario().investments {
            console.print(&order_of_limits(investment))?;
        }
        if self.plan {
            console.print(&format!("\n{}", loaded.model.compiled().plan))?;
        }
        Ok(Status::Done)
    }
}

/// The loader's warnings, and the limits that the plan proves never to cut.
fn with_idle_limits(loaded: &Loaded) -> Diagnostics {
    let idle = loaded.model.idle_limits();
    let findings = idle.iter().map(|idle| {
        let title = format!("limit `{}` can never cut", idle.limit.id());
        let label = format!("at most {} can reach it, of {}", kroner(idle.most), kroner(idle.capacity));
        let help = "remove it or lower `at_most`; a limit that only states a maximum may stay";
        Diagnostic::warning(idle.limit.span.clone(), title).label(label).help(help)
    });
    let all = loaded.warnings.list().iter().cloned().chain(findings).collect();
    Diagnostics::new(all, loaded.model.scenario().sources.clone())
}

/// The limits of an investment in the order in which they act on one date.
fn order_of_limits(investment: &Investment) -> String {
    let cap = investment.funds.iter().find(|fund| fund.return_cap.is_some());
    if investment.limits.is_empty() && cap.is_none() {
        return format!("{}: no limits\n", investment.id);
    }
    let limits = investment.limits.iter().map(describe);
    let cap = cap.map(|fund| format!("return cap of fund {}", fund.id));
    let numbered = (1..).zip(limits.chain(cap)).map(|(number, line)| format!("{number:>4}. {line}\n"));
    let title = format!("{}: on one date limits act in this order\n", investment.id);
    std::iter::once(title).chain(numbered).collect()
}

fn describe(limit: &Limit) -> String {
    let payer = limit.payer.as_ref().map(|payer| format!(", {payer}")).unwrap_or_default();
    let at_most = match &limit.at_most {
        AtMost::Amount(ore) => format!("at most {}", kroner(*ore)),
        AtMost::ByYear(years) => {
            let years: Vec<_> = years.iter().map(|(year, ore)| format!("{year}: {}", kroner(*ore))).collect();
            format!("at most {}", years.join(", "))
        }
    };
    let excess = match &limit.excess {
        Excess::Lost => "the rest is lost".to_owned(),
        Excess::Rolls => "the rest rolls".to_owned(),
        Excess::FallsOn(payer) => format!("the rest falls on {payer}"),
    };
    format!("{} (per {}{payer}): {at_most}; {excess}", limit.id, limit.per.word())
}

/// An amount at least zero, in units of the currency.
fn kroner(ore: i64) -> String {
    let whole = grouped(ore / 100, ',');
    if ore % 100 == 0 { whole } else { format!("{whole}.{:02}", ore % 100) }
}
