//! What browsers send.

use std::sync::{LazyLock, Once};

use archive_core::people::Role;
use axum::body::Body;
use http::Request;

#[allow(dead_code, unreachable_pub, clippy::all)]
#[path = "../../archive-web/tests/it/house.rs"]
mod house;

use house::House;

/// The house; a defect that it logs ends the run.
static HOUSE: LazyLock<House> = LazyLock::new(House::new);

/// A request: the first line is who asks (a digit), how, and for what; the second the type of what is sent; the rest is
/// sent. `{token}` in it stands for the token that a form of theirs bears.
pub fn http(data: &[u8]) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for role in [Role::Director, Role::Archivist, Role::Reviewer, Role::Clerk] {
            HOUSE.get(Some(role), "/staff");
        }
    });
    let mut lines = data.splitn(3, |byte| *byte == b'\n');
    let first = crate::text(lines.next().unwrap_or_default());
    let kind = lines.next().unwrap_or_default();
    let body = lines.next().unwrap_or_default();
    let mut words = first.splitn(3, ' ');
    let role = match words.next() {
        Some("1") => Some(Role::Director),
        Some("2") => Some(Role::Archivist),
        Some("3") => Some(Role::Reviewer),
        Some("4") => Some(Role::Clerk),
        _ => None,
    };
    let (method, path) = (words.next().unwrap_or("GET"), words.next().unwrap_or("/"));
    if method == "POST" && role.is_some() {
        // A form of somebody who is signed in, its fields as they are sent.
        let text = crate::text(body);
        let fields: Vec<(&str, &str)> = text.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
        if path.parse::<http::Uri>().is_ok() && path.starts_with('/') {
            assert!(HOUSE.post(role, path, &fields).status != 500, "{first}");
        }
        return;
    }
    let request = Request::builder().method(method).uri(path).header("host", "127.0.0.1").header("content-type", kind);
    if let Ok(request) = request.body(Body::from(body.to_vec())) {
        assert!(HOUSE.ask(request).status != 500, "{first}");
    }
}
