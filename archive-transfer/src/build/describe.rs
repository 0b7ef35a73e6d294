//! Everything in a package that speaks of the files, written after them.

use std::io;

use super::Builder;
use super::{ead, eep, mets, national, page, premis};
use crate::layout;
use crate::records::{self, FileRecord, PackageRecord};

impl Builder<'_> {
    /// Writes what speaks of the whole: the lists first, then what points to those.
    pub(super) fn describe(&mut self) -> io::Result<()> {
        let dat93 = self.layout.dat93();
        self.put(&format!("{dat93}/{}", layout::EXPLANATION), national::explanation)?;
        self.put(&format!("{dat93}/{}", layout::DAT93_LIST), national::dat93_list)?;
        self.write_records()?;
        for document in &self.package.documents {
            let path = self.document_path(&document.name);
            self.bag.write_bytes(&path, &document.bytes)?;
            self.documents.push(path);
        }
        let root = self.layout.root.clone();
        self.put(&format!("{root}/metadata/descriptive/ead.xml"), ead::write)?;
        self.put(&format!("{root}/metadata/preservation/premis.xml"), premis::write)?;
        self.put(&format!("{}/METS.xml", self.layout.representation()), mets::representation)?;
        self.put(&format!("{root}/METS.xml"), mets::root)?;
        self.put(layout::EXPLANATION, national::explanation)?;
        self.put(layout::VOLUME_LIST, national::volume_list)?;
        self.put(layout::ITEM_LIST, national::item_list)?;
        self.put(layout::PAGE, page::write)
    }

    /// The item's metadata in its folder, and its encapsulation.
    pub(super) fn describe_item(&mut self, index: usize, records: &[FileRecord]) -> io::Result<()> {
        let mut metadata = Vec::new();
        national::item_metadata(self, &self.items[index], records, &mut metadata)?;
        let path = format!("{}/{}", self.items[index].folder, layout::ITEM_METADATA);
        self.bag.write_bytes(&path, &metadata)?;
        let mut encapsulation = Vec::new();
        eep::write(self, &self.items[index], records, &mut encapsulation)?;
        let folder = self.layout.encapsulations();
        let path = self.namer.name(&folder, &self.items[index].code, "eep");
        self.bag.write_bytes(&path, &encapsulation)
    }

    /// Writes the file at `path` from the whole package, streaming.
    fn put(
        &mut self,
        path: &str,
        fill: impl FnOnce(&Self, &mut dyn io::Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let written = self.bag.emit(path, None, &[], |to| fill(self, to))?;
        self.bag.record(path, &written)
    }

    fn write_records(&mut self) -> io::Result<()> {
        let folder = self.layout.records();
        let package = self.package;
        let record = PackageRecord {
            schema_version: records::VERSION,
            id: package.id(),
            institution: package.institution.clone(),
            archives: package.archives.clone(),
            category: package.category.clone(),
            item_digits: package.profile.numbering.item_digits,
            profile: serde_json::to_value(&package.profile)?,
            made_on: package.made_on,
            made_by: package.made_by.clone(),
            part: package.part,
            volumes: package.arrangement.volumes.len() as u64,
            items: self.items.len() as u64,
            files: self.spool.files,
            exceptions: package.exceptions.clone(),
            opinions: package.opinions.clone(),
        };
        self.put(&format!("{folder}{}", layout::RECORDS_PACKAGE), |_, to| {
            serde_json::to_writer_pretty(&mut *to, &record)?;
            to.write_all(b"\n")
        })?;
        self.put(&format!("{folder}{}", layout::RECORDS_VOLUMES), |builder, to| {
            builder.package.arrangement.volumes.iter().try_for_each(|volume| records::line(to, volume))
        })?;
        self.put(&format!("{folder}{}", layout::RECORDS_ITEMS), |builder, to| {
            builder.items.iter().try_for_each(|placed| records::line(to, placed.item))
        })?;
        self.put(&format!("{folder}{}", layout::RECORDS_TIES), |builder, to| {
            builder.package.arrangement.ties.iter().try_for_each(|tie| records::line(to, tie))
        })?;
        self.put(&format!("{folder}{}", layout::RECORDS_FILES), |builder, to| builder.spool.read()?.copy(to))
    }
}
