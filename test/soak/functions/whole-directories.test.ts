import { describeWholeDirectories } from "#test/support/whole-directory";

describeWholeDirectories({ pageRows: 1_000, pages: 25 });
