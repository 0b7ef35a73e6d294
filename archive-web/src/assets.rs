//! The style and the scripts, as part of the program.

use crate::answer::Answer;
use crate::failure::Failure;
use crate::site::Site;
use crate::visit::Visit;

/// How every page looks: light, dark, on a phone, on paper.
#[expect(clippy::unnecessary_wraps, reason = "as every page answers")]
pub(crate) fn style(_: &Site, _: &Visit) -> Result<Answer, Failure> {
    let style = include_bytes!("../assets/style.css").as_slice();
    Ok(Answer::of(200, "text/css; charset=utf-8", style).kept())
}

/// Keys for turning pages, and suggestions while typing.
#[expect(clippy::unnecessary_wraps, reason = "as every page answers")]
pub(crate) fn reading(_: &Site, _: &Visit) -> Result<Answer, Failure> {
    let script = include_bytes!("../assets/reading.js").as_slice();
    Ok(Answer::of(200, "text/javascript; charset=utf-8", script).kept())
}

/// Dragging on the board.
#[expect(clippy::unnecessary_wraps, reason = "as every page answers")]
pub(crate) fn board(_: &Site, _: &Visit) -> Result<Answer, Failure> {
    let script = include_bytes!("../assets/board.js").as_slice();
    Ok(Answer::of(200, "text/javascript; charset=utf-8", script).kept())
}
