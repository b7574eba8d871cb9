//! Draws with an address.
