/** What the Relay example asks: relay-compiler reads this file and checks it against api/schema.graphql; nothing imports it. */
import { graphql } from "relay-runtime";

graphql`
  query filmsPageQuery($count: Int!) {
    ...films_list @arguments(count: $count)
  }
`;

graphql`
  fragment films_list on Query
  @argumentDefinitions(count: { type: "Int", defaultValue: 5 }, cursor: { type: "String" })
  @refetchable(queryName: "filmsMoreQuery") {
    movies(first: $count, after: $cursor, orderBy: [{ field: TITLE }]) @connection(key: "films_movies", filters: []) {
      totalCount
      pageInfo {
        endCursor
        hasNextPage
      }
      edges {
        node {
          id
          title
          tagline
          version
        }
      }
    }
  }
`;

graphql`
  query filmsItemQuery($id: ID!) {
    mediaItem(ref: { id: $id }) {
      title
      tagline
      version
    }
  }
`;

graphql`
  mutation filmsAdvertiseMutation($input: UpdateMediaItemInput!) {
    updateMediaItem(input: $input) {
      mediaItem {
        id
        tagline
        version
      }
      errors {
        __typename
        ... on UserError {
          code
          message
          path
        }
        ... on VersionConflictError {
          current
        }
      }
    }
  }
`;

graphql`
  subscription filmsFollowSubscription($id: ID!, $after: String) {
    mediaItemChanged(id: $id, after: $after) {
      __typename
      ... on Subscribed {
        cursor
      }
      ... on Resync {
        reason
        cursor
      }
      ... on MediaItemChanged {
        cursor
        type
        node {
          id
          title
          tagline
          version
        }
      }
    }
  }
`;
