import { describeWholeDirectories } from "#test/support/whole-directory";

describeWholeDirectories({ pageRows: 50, pages: 12 });
