//! A page of a record as a picture.

use archive_core::access::may_see;
use archive_core::model::ItemId;
use archive_index::show::Size;
use axum::body::Bytes;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::pictures::Leaf;
use crate::site::Site;
use crate::visit::Visit;

/// The pages of a record that the asker may see at this moment: the shelves were laid out a moment ago, and a
/// picture can't be taken back.
pub(crate) fn leaves(site: &Site, visit: &Visit, id: ItemId) -> Result<Vec<Leaf>, Failure> {
    site.read(|repository| {
        let item = repository.item(id).map_err(|_| Failure::NotFound)?;
        if !may_see(visit.asker(), item.opening, item.secrecy.level) {
            return Err(Failure::NotFound);
        }
        site.pictures.leaves(repository, id)
    })
}

/// The picture.
pub(crate) fn picture(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let shelves = site.shelves(visit.asker())?;
    let card = shelves.at(visit.part("address")).ok_or(Failure::NotFound)?;
    let number: u32 = visit.part("page").parse().map_err(|_| Failure::NotFound)?;
    let leaves = leaves(site, visit, card.id)?;
    let leaf = leaves.iter().find(|leaf| leaf.number == number).ok_or(Failure::NotFound)?;
    if !site.pictures.can_show(leaf)? {
        return Err(Failure::NotFound);
    }
    let size = if visit.asked("size") == Some("full") { Size::Full } else { Size::Screen };
    let shown = site.pictures.picture(leaf, size)?;
    Ok(Answer::of(200, shown.media_type, Bytes::from_owner(shown.bytes)))
}
