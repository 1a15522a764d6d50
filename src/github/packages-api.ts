/** What the journal needs of GitHub's REST API, so that it can be faked as a whole. */
export interface PackagesApi {
  /**
   * One page of the package's versions, newest first, at most `VERSIONS_A_PAGE`.
   * @param page counted from 1
   * @returns `undefined` if the API says that there is no such package, which is also its word for "you may not see it"
   * @throws UserError saying what to do, if the token may not ask, or not any more this hour
   */
  versions(page: number): Promise<readonly PackageVersion[] | undefined>;

  /** When the run was started for the first time, in milliseconds since the epoch; `undefined` if the API does not say. */
  runStart(): Promise<number | undefined>;
}

export interface PackageVersion {
  /** Of the manifest or index; each is a version of its own, children of an index too. */
  readonly digest: string;
  readonly tagged: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** The most that the API gives at once. */
export const VERSIONS_A_PAGE = 100;
