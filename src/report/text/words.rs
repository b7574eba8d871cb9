//! Words of reports, a line for each with its English and its Danish beside each other.

/// Makes a type with a function for each text. A text that one language lacks does not compile, nor one that leaves out an
/// argument.
macro_rules! words {
    (
        $(#[$about:meta])* $words:ident;
        $($name:ident($($argument:ident),*) = $english:literal, $danish:literal;)*
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct $words(pub(crate) $crate::report::text::Language);

        impl $words {
            $(pub(crate) fn $name(self $(, $argument: &str)*) -> String {
                match self.0 {
                    $crate::report::text::Language::En => format!($english $(, $argument = $argument)*),
                    $crate::report::text::Language::Da => {
                        $crate::report::text::words::one_stop(&format!($danish $(, $argument = $argument)*))
                    }
                }
            })*
        }

        #[cfg(test)]
        const ALL: &[$crate::report::text::words::Both] = &[$((stringify!($name), $english, $danish)),*];
    };
}

/// Danish without a second full stop after an amount that ends a sentence.
pub(super) fn one_stop(sentence: &str) -> String {
    sentence.replace("kr..", "kr.")
}

/// The name of a text, its English and its Danish.
#[cfg(test)]
pub(super) type Both = (&'static str, &'static str, &'static str);

/// No text is missing, and none is left in the other language, but for those that are the `same` in both.
#[cfg(test)]
pub(super) fn told_in_both(all: &[Both], same: &[&str]) {
    for (name, english, danish) in all {
        assert!(!english.is_empty() && !danish.is_empty(), "{name}");
        assert_eq!(english == danish, same.contains(name), "{name}: {english}");
    }
}

/// No text promises what is not computed, or uses a word that is not Danish for people.
#[cfg(test)]
pub(super) fn promise_nothing(all: &[Both]) {
    for (name, english, danish) in all {
        for word in ["neutral", "kassetræk"] {
            assert!(!english.contains(word) && !danish.contains(word), "{name}");
        }
    }
}
