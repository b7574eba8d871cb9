//! The sentences on what a run would need and take.

use super::{Language, Style};

/// Units of time in seconds, with their names in both languages.
const UNITS: [(f64, &str, &str); 5] = [
    (365.25 * 86400.0, "years", "år"),
    (86400.0, "days", "døgn"),
    (3600.0, "hours", "timer"),
    (60.0, "minutes", "minutter"),
    (1.0, "seconds", "sekunder"),
];

impl Language {
    /// A time in the largest unit of which it has two.
    pub(crate) fn duration(self, seconds: f64) -> String {
        let fits = |unit: &&(f64, &str, &str)| seconds >= 2.0 * unit.0;
        let (length, english, danish) = UNITS.iter().find(fits).unwrap_or(&UNITS[UNITS.len() - 1]);
        let name = if self == Self::En { english } else { danish };
        let decimals = usize::from(seconds < 10.0);
        let number = format!("{:.decimals$}", seconds / length);
        format!("{} {name}", number.replace('.', &self.text().decimal_mark().to_string()))
    }

    /// About how long something takes; what takes less than a second is hardly measured.
    pub(crate) fn about(self, seconds: f64) -> String {
        let time = self.duration(seconds);
        match self {
            Self::En if seconds < 1.0 => "less than a second".to_owned(),
            Self::En => format!("about {time}"),
            Self::Da if seconds < 1.0 => "under et sekund".to_owned(),
            Self::Da => format!("omkring {time}"),
        }
    }

    /// That a table is of the first of many trials.
    pub(crate) fn first_of(self, first: u64, all: u64) -> String {
        let style = Style { text: self.text(), thousands: false };
        let (first, all) = (style.count(first), style.count(all));
        match self {
            Self::En => format!("The first {first} of {all} trials; all of them follow."),
            Self::Da => format!("De første {first} af {all} gennemregninger; alle følger."),
        }
    }

    /// What a run would need.
    pub(crate) fn would_need(self, memory: &str) -> String {
        match self {
            Self::En => format!("This would need about {memory} of memory.\n"),
            Self::Da => format!("Det ville kræve omkring {memory} hukommelse.\n"),
        }
    }

    /// What a run would need, and how long it would take on so many cores.
    pub(crate) fn would_take(self, memory: &str, seconds: f64, cores: u64) -> String {
        let time = self.about(seconds);
        match self {
            Self::En => {
                format!("This would need about {memory} of memory, and take {time} (cores: {cores}).\n")
            }
            Self::Da => {
                format!("Det ville kræve omkring {memory} hukommelse og tage {time} (kerner: {cores}).\n")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_fitting_units() {
        let told =
            |language: Language| [1.5, 5.0, 90.0, 5400.0, 7200.0, 1e6, 1e9].map(|s| language.duration(s));
        assert_eq!(
            told(Language::En),
            ["1.5 seconds", "5.0 seconds", "90 seconds", "90 minutes", "2 hours", "12 days", "32 years"]
        );
        assert_eq!(told(Language::Da)[1], "5,0 sekunder");
    }

    #[test]
    fn a_short_time_is_told_in_words() {
        let told = |language: Language, seconds| language.would_take("11 MiB", seconds, 2);
        assert_eq!(
            [(Language::En, 0.004), (Language::En, 2.25), (Language::Da, 0.999), (Language::Da, 14.2)]
                .map(|(language, seconds)| told(language, seconds)),
            [
                "This would need about 11 MiB of memory, and take less than a second (cores: 2).\n",
                "This would need about 11 MiB of memory, and take about 2.2 seconds (cores: 2).\n",
                "Det ville kræve omkring 11 MiB hukommelse og tage under et sekund (kerner: 2).\n",
                "Det ville kræve omkring 11 MiB hukommelse og tage omkring 14 sekunder (kerner: 2).\n",
            ]
        );
    }
}
